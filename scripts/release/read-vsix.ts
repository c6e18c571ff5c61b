/** The files of a packed extension: a zip is read by its directory, which stands at its end. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { PackedFile } from './contents.ts';

const endOfDirectory = Buffer.from('PK\x05\x06', 'latin1');
const endBytes = 22;
const entryBytes = 46;
const headerBytes = 30;
const deflated = 8;
const isText = /\.(js|cjs|json|md|txt|css|svg)$/;

/** Those below `extension/`, which is what VS Code unpacks, by their names there. */
export function readVsix(path: string): PackedFile[] {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(endOfDirectory);
  if (end < 0 || end + endBytes > zip.length) throw new Error(`${path} is no whole zip file.`);
  const files: PackedFile[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameBytes = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + entryBytes, at + entryBytes + nameBytes);
    if (name.startsWith('extension/')) files.push(readFile(zip, at, name.slice('extension/'.length)));
    at += entryBytes + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

function readFile(zip: Buffer, at: number, path: string): PackedFile {
  const bytes = zip.readUInt32LE(at + 24);
  if (!isText.test(path)) return { path, bytes };
  const header = zip.readUInt32LE(at + 42);
  const start = header + headerBytes + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
  const content = zip.readUInt16LE(at + 10) === deflated ? inflateRawSync(packed) : packed;
  return { path, bytes, text: content.toString('utf8') };
}
