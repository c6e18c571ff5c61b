import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { declareReady, finishRestore, restoringPath } from '../../../server/store/restoring.ts';

const parts = ['.witness', '.mark', '-shm', '-wal', ''];
let dir: string;
let keptIn: string;
let staged: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-restoring-'));
  keptIn = join(dir, 'quarantine', 'old');
  staged = restoringPath(dir);
  mkdirSync(staged);
  mkdirSync(keptIn, { recursive: true });
  for (const part of parts) writeFileSync(join(dir, `one.db${part}`), `old${part}`);
  for (const part of ['', '.mark', '.witness']) writeFileSync(join(staged, `one.db${part}`), `new${part}`);
  writeFileSync(join(dir, 'search.db'), 'an index of the old');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const live = () => parts.map((part) => text(join(dir, `one.db${part}`)));
const kept = () => parts.map((part) => text(join(keptIn, `one.db${part}`)));
const finish = () => finishRestore(dir, join(dir, 'search.db'));

/** In their order: what is there goes away, and what lies ready takes its place. */
const moves = parts.flatMap((part) => [
  { from: () => join(dir, `one.db${part}`), to: () => join(keptIn, `one.db${part}`) },
  ...(part.startsWith('-') ? [] : [{ from: () => join(staged, `one.db${part}`), to: () => join(dir, `one.db${part}`) }]),
]);

for (let done = 0; done <= moves.length; done += 1) {
  test(`a restore that was cut off after ${done} of ${moves.length} moves is ended`, () => {
    declareReady(dir, ['one.db'], { keptIn });
    for (const { from, to } of moves.slice(0, done)) renameSync(from(), to());
    assert.equal(finish(), keptIn);
    assert.deepEqual(live(), ['new.witness', 'new.mark', undefined, undefined, 'new']);
    assert.deepEqual(kept(), ['old.witness', 'old.mark', 'old-shm', 'old-wal', 'old']);
    assert.deepEqual([existsSync(staged), existsSync(join(dir, 'search.db'))], [false, false]);
    assert.equal(finish(), undefined);
  });
}

test('a restore that did not lie ready yet is taken back', () => {
  assert.equal(finish(), undefined);
  assert.deepEqual(live(), ['old.witness', 'old.mark', 'old-shm', 'old-wal', 'old']);
  assert.equal(existsSync(staged), false);
});

test('a list that cannot be read stops everything, and says where to look', () => {
  declareReady(dir, ['one.db'], { keptIn });
  writeFileSync(join(staged, 'ready.json'), '{"databases":["../../etc"]}');
  assert.throws(finish, { code: 'storage', message: /ready\.json cannot be read/ });
  assert.equal(live()[4], 'old');
});
