import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FileLooks, lookEveryMs, looksPerRound } from '../../../server/agents/file-looks.ts';
import { WrittenFiles } from '../../../server/agents/written-files.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ItemId } from '../../../server/protocol/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const agent = newId<AgentId>();
let folder: string;
let clock: FakeClock;
let files: WrittenFiles;
let logged: string[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'looks-')));
  clock = new FakeClock();
  files = new WrittenFiles({ clock, folder: () => folder });
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function begin(stateOf?: () => Promise<'missing'>): FileLooks {
  const looks = new FileLooks({ clock, files, log: (message) => void logged.push(message), ...(stateOf ? { stateOf } : {}) });
  looks.start();
  return looks;
}

/** As an agent does it, at the clock's time. */
function writes(name: string): void {
  writeFileSync(join(folder, name), 'by the agent');
  changedNow(name);
  const itemId = newId<ItemId>();
  const content = [{ type: 'diff' as const, path: name, oldText: null, newText: 'x' }];
  files.onEvent(
    agent,
    { ...{ type: 'toolStarted', itemId, parentItemId: null, name: 'Edit', title: '', kind: 'edit', input: {} }, content },
    clock.now(),
  );
  files.onEvent(agent, { type: 'toolEnded', itemId, status: 'ok' }, clock.now());
}

function changedNow(name: string): void {
  utimesSync(join(folder, name), clock.now() / 1_000, clock.now() / 1_000);
}

test('a round finds what somebody else wrote, and what was deleted', async () => {
  const looks = begin();
  for (const name of ['a.ts', 'b.ts', 'c.ts']) writes(name);
  await looks.settled();
  clock.advance(lookEveryMs);
  await looks.settled();
  assert.deepEqual(files.conflictsOf(agent), []);
  writeFileSync(join(folder, 'a.ts'), 'by somebody else');
  changedNow('a.ts');
  rmSync(join(folder, 'b.ts'));
  clock.advance(lookEveryMs);
  await looks.settled();
  assert.deepEqual(
    files.conflictsOf(agent).map(({ path }) => path),
    [join(folder, 'b.ts'), join(folder, 'a.ts')],
  );
  assert.deepEqual(logged, []);
  looks.close();
  assert.equal(clock.waiting, 0);
});

test('what a person saves in a window is known at once, and files that no agent touched are left alone', async () => {
  const looks = begin();
  writes('a.ts');
  await looks.settled();
  clock.advance(1_000);
  writeFileSync(join(folder, 'a.ts'), 'by the person');
  changedNow('a.ts');
  looks.saved([join(folder, 'a.ts'), join(folder, 'other.ts')]);
  await looks.settled();
  assert.equal(files.conflictsOf(agent).length, 1);
});

test('while a file system does not answer, nothing piles up and nobody waits', async () => {
  let asked = 0;
  let answer = () => {};
  const looks = begin(() => {
    asked += 1;
    return new Promise((resolve) => {
      answer = () => resolve('missing');
    });
  });
  for (const name of ['a.ts', 'b.ts']) writes(name);
  await Promise.resolve();
  for (let round = 0; round < 5; round += 1) clock.advance(lookEveryMs);
  assert.equal(asked, 1);
  answer();
  await new Promise(setImmediate);
  assert.equal(asked, 2);
  answer();
  await looks.settled();
});

test('a file that cannot be looked at is logged, and keeps nobody from the others', async () => {
  let asked = 0;
  const looks = begin(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('EIO')) : Promise.resolve('missing');
  });
  for (const name of ['a.ts', 'b.ts']) writes(name);
  await looks.settled();
  assert.deepEqual([asked, logged.length], [2, 1]);
});

test('a round looks at a bounded number of files', async () => {
  let asked = 0;
  for (let index = 0; index < looksPerRound + 50; index += 1) writes(`${index}.ts`);
  const looks = begin(() => {
    asked += 1;
    return Promise.resolve('missing');
  });
  clock.advance(lookEveryMs);
  await looks.settled();
  assert.equal(asked, looksPerRound);
});
