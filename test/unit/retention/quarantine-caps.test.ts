import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { keptPath } from '../../../server/backup/stage-restore.ts';
import { droppable, type Kept, quarantineCaps } from '../../../server/retention/quarantine-caps.ts';
import { quarantineProblem } from '../../../server/retention/sweep.ts';

const dayMs = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 29);
const entry = (name: string, days: number, bytes = 10): Kept => ({ name, bytes, changedAt: now - days * dayMs });
const copy = (database: string, days: number, bytes = 10) => entry(`${database}-2026-10-01T00-00-00-${days}Z`, days, bytes);
const names = (entries: readonly Kept[]) => droppable(entries, now).map(({ name }) => name);

test('what is a week old goes, and what is younger stays', () => {
  assert.deepEqual(names([entry('a', 6.9), entry('b', 7), entry('c', 20)]), ['c', 'b']);
});

test('beyond five hundred entries, or fifty megabytes, the oldest go', () => {
  const many = Array.from({ length: quarantineCaps.entries + 2 }, (_, index) => entry(`e${index}`, index / 1_000));
  assert.deepEqual(names(many), ['e501', 'e500']);
  const large = [entry('new', 1, 30 * 1024 ** 2), entry('mid', 2, 15 * 1024 ** 2), entry('old', 3, 15 * 1024 ** 2)];
  assert.deepEqual(names(large), ['old']);
});

test('a copy of a database stays for thirty days however large it is, and the only one of it for good', () => {
  const huge = 900 * 1024 ** 2;
  assert.deepEqual(names([copy('btmsg.db', 1, huge), copy('btmsg.db', 29, huge)]), []);
  assert.deepEqual(names([copy('btmsg.db', 40, huge), copy('btmsg.db', 50, huge)]), [copy('btmsg.db', 50).name]);
  assert.deepEqual(names([copy('btmsg.db', 400), copy('sessions.db', 300)]), []);
});

test('what a restore replaced stays as a copy of a database does, because it holds all that came after the backup', () => {
  const huge = 900 * 1024 ** 2;
  const kept = (days: number, at: number) => ({ ...entry('', days, huge), name: basename(keptPath('/data', at)) });
  assert.deepEqual(names([kept(29, 2), kept(10, 3), kept(1, 4)]), []);
  assert.deepEqual(names([kept(400, 5), kept(401, 1)]), [kept(401, 1).name]);
  assert.deepEqual(names([entry('orphans-2026-10-01T00-00-00-000Z', 20, huge)]), []);
});

test('a copy that has to stay takes no room from the others', () => {
  assert.deepEqual(names([copy('btmsg.db', 1, 900 * 1024 ** 2), entry('a', 2)]), []);
});

test('a person is told from more than fifty things on', () => {
  assert.equal(quarantineProblem(50, '/q'), null);
  assert.match(quarantineProblem(51, '/q') ?? '', /51 things were set aside in \/q/);
});
