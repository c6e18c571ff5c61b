import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { createMarkTable, markPath } from '../../../server/store/high-water-mark.ts';
import type { Migration } from '../../../server/store/open-database.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { fillDisk } from '../../support/test-stores.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-record-'));
after(() => rmSync(root, { recursive: true, force: true }));

const migrations: readonly Migration[] = [
  { version: 1, name: 'notes', up: (db) => db.exec(`${createMarkTable}; create table notes (text text not null) strict`) },
];

let folder: string;
let file: RecordFile;

beforeEach(() => {
  folder = mkdtempSync(join(root, 'file-'));
  file = RecordFile.open(join(folder, 'kept.db'), { migrations });
});
afterEach(() => file.close());

function note(text: string): void {
  file.write(() => file.db.prepare('insert into notes values (?)').run(text));
}

function notes(kept: RecordFile): string[] {
  return kept.db.prepare<[], string>('select text from notes order by rowid').pluck().all();
}

test('a write is committed whole or not at all, and returns what its work returns', () => {
  assert.equal(
    file.write(() => 7),
    7,
  );
  assert.throws(
    () =>
      file.write(() => {
        note('half');
        throw new Error('the other half failed');
      }),
    /the other half failed/,
  );
  assert.deepEqual(notes(file), []);
  note('whole');
  assert.deepEqual(notes(file), ['whole']);
});

test('a write inside another joins it: both are kept, or neither', () => {
  file.write(() => {
    note('a');
    note('b');
  });
  assert.deepEqual(notes(file), ['a', 'b']);
  assert.equal(file.db.inTransaction, false);
});

test('a disk that is full is told as such, nothing of the write is kept, and with room again all goes on', () => {
  note('before');
  const makeRoom = fillDisk(file.db);
  assert.throws(() => note('x'.repeat(100_000)), { code: 'storage', message: /disk that holds .*kept\.db is full/ });
  assert.equal(file.db.inTransaction, false);
  assert.match(file.writeProblem ?? '', /is full/);
  makeRoom();
  note('after');
  assert.equal(file.writeProblem, undefined);
  assert.deepEqual(notes(file), ['before', 'after']);
});

test('the mark beside the file moves with its commits, and is written only when it moved', () => {
  note('a');
  file.saveMark({ auditSeq: 1 });
  const { mtimeMs } = statSync(markPath(join(folder, 'kept.db')));
  file.saveMark({ auditSeq: 2 });
  assert.equal(statSync(markPath(join(folder, 'kept.db'))).mtimeMs, mtimeMs);
  assert.deepEqual(file.savedMark(), { commits: 1, auditSeq: 1 });
  note('b');
  file.saveMark();
  assert.deepEqual(JSON.parse(readFileSync(markPath(join(folder, 'kept.db')), 'utf8')), { commits: 2 });
});

test('a mark that cannot be read is no mark', () => {
  note('a');
  for (const text of ['', '{', '{"commits":"many"}', 'null']) {
    writeFileSync(markPath(join(folder, 'kept.db')), text);
    assert.equal(file.savedMark(), undefined);
  }
});
