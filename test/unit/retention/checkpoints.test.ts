/** Write-ahead logs over real files, with readers beside the writer. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { alarmBytes, Checkpoints, grownBytes } from '../../../server/retention/checkpoints.ts';
import { walBytes } from '../../../server/store/checkpoint.ts';
import type { Database } from '../../../server/store/open-database.ts';
import { openReadOnly } from '../../../server/store/read-only.ts';
import { askReaders, pauseMemory } from '../../../server/store/reader-pause.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { TestStores } from '../../support/test-stores.ts';

const everyMs = 5 * 60_000;
const text = 'x'.repeat(3_000);

let kept: TestStores;
let clock: FakeClock;
let checkpoints: Checkpoints;
let reader: Database;
let asking: number;
let logged: string[];
beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  [asking, logged] = [0, []];
  const { btmsg, sessions } = kept.stores;
  checkpoints = new Checkpoints({
    files: [sessions, btmsg],
    clock,
    askReaders: () => {
      asking += 1;
      return () => {
        asking -= 1;
      };
    },
    log: (message) => void logged.push(message),
  });
  checkpoints.start();
  reader = openReadOnly(btmsg.db.name);
});
afterEach(() => {
  checkpoints.close();
  reader.close();
  kept.remove();
});

const path = () => kept.stores.btmsg.db.name;
const ofMessages = () => checkpoints.results().find(({ database }) => database === 'btmsg.db');

/** Commits until the log has grown beyond that, or to the end. */
function write(upToBytes: number, mostCommits = 6_000): void {
  const { btmsg } = kept.stores;
  const put = btmsg.db.prepare("insert into inbox values (?, '', 0, 0)");
  for (let number = 0; number < mostCommits && walBytes(path()) < upToBytes; number += 1)
    btmsg.write(() => put.run(`${number} ${Math.random()} ${text}`));
}

/** Somebody reads, until the function that this returns is called. */
function read(): () => void {
  reader.exec('begin');
  reader.prepare('select count(*) from inbox').get();
  return () => reader.exec('commit');
}

test('every five minutes both logs are brought over and emptied, and it is told how', () => {
  write(100_000);
  assert.deepEqual(checkpoints.results(), []);
  clock.advance(everyMs + 100);
  assert.deepEqual(
    checkpoints.results().map(({ database, mode, isBusy, walBytes: bytes, busyInARow }) => [database, mode, isBusy, bytes, busyInARow]),
    [
      ['sessions.db', 'truncate', false, 0, 0],
      ['btmsg.db', 'truncate', false, 0, 0],
    ],
  );
  assert.deepEqual([checkpoints.walBytes(), checkpoints.problems(), asking], [0, [], 0]);
  const { logFrames = 0, checkpointedFrames } = ofMessages() ?? {};
  assert.ok(logFrames > 20 && checkpointedFrames === logFrames, `${checkpointedFrames} of ${logFrames}`);
});

test('a commit brings nothing over by itself as long as the logs are looked after, and does again afterwards', () => {
  const ownPages = () => kept.stores.btmsg.db.pragma('wal_autocheckpoint', { simple: true });
  assert.equal(ownPages(), 0);
  checkpoints.close();
  assert.equal(ownPages(), 1_000);
});

test('a log that grows under a reader is emptied as soon as that has read its page, while no other begins', () => {
  const stop = read();
  write(grownBytes + 4 * 1024 ** 2);
  assert.equal(asking, 1);
  clock.advance(8);
  assert.ok(walBytes(path()) > grownBytes);
  stop();
  clock.advance(8);
  assert.deepEqual([walBytes(path()), asking], [0, 0]);
});

test('who reads without an end is waited for no longer than a moment, and told of after three times', () => {
  const stop = read();
  write(200_000);
  for (let time = 1; time <= 3; time += 1) {
    assert.deepEqual(checkpoints.problems(), []);
    clock.advance(everyMs + 100);
    assert.deepEqual([ofMessages()?.isBusy, ofMessages()?.mode, ofMessages()?.busyInARow, asking], [true, 'passive', time, 0]);
  }
  assert.match(checkpoints.problems()[0] ?? '', /btmsg\.db could not be emptied 3 times in a row/);
  assert.deepEqual(logged, ['a write-ahead log cannot be emptied']);
  stop();
  clock.advance(everyMs + 100);
  assert.deepEqual([checkpoints.problems(), ofMessages()?.busyInARow], [[], 0]);
});

test('a log that has grown beyond its bound is a problem at once', () => {
  const stop = read();
  kept.stores.btmsg.db.pragma('synchronous = off');
  write(alarmBytes + 1, 20_000);
  clock.advance(100);
  assert.match(checkpoints.problems()[0] ?? '', /has grown to 3\d MiB/);
  stop();
});

test('the writer keeps its patience with others after it has had none', () => {
  clock.advance(everyMs + 100);
  assert.equal(kept.stores.btmsg.db.pragma('busy_timeout', { simple: true }), 5_000);
});

test('after the end nothing is looked at any more', () => {
  checkpoints.close();
  clock.advance(10 * everyMs);
  assert.deepEqual([checkpoints.results(), clock.waiting], [[], 0]);
});

test('two who ask at once are both waited for', () => {
  const memory = pauseMemory();
  const [first, second] = [askReaders(memory), askReaders(memory)];
  const count = () => Atomics.load(new Int32Array(memory), 0);
  assert.equal(count(), 2);
  first();
  assert.equal(count(), 1);
  second();
  assert.equal(count(), 0);
});
