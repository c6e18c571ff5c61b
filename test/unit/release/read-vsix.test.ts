import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { readVsix } from '../../../scripts/release/read-vsix.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agor-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a zip has it: each file behind its header, then the directory, then where that begins. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const header = Buffer.alloc(30);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(Buffer.concat(bodies).length, 42);
    bodies.push(header, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(bodies).length, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

test('files below extension are read with their size, and texts with their words', () => {
  const vsix = join(folder, 'a.vsix');
  writeFileSync(vsix, zipOf({ 'extension.vsixmanifest': 'x', 'extension/readme.md': 'hello', 'extension/media/icon.png': 'abc' }));
  assert.deepEqual(readVsix(vsix), [
    { path: 'readme.md', bytes: 5, text: 'hello' },
    { path: 'media/icon.png', bytes: 3 },
  ]);
});

test('what is no whole zip is refused by name', () => {
  const vsix = join(folder, 'cut.vsix');
  writeFileSync(vsix, zipOf({ 'extension/readme.md': 'hello' }).subarray(0, 60));
  assert.throws(() => readVsix(vsix), /cut\.vsix is no whole zip file/);
});
