import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AuditNews } from '../../../server/audit/audit-news.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let clock: FakeClock;
let told: number[];
let stop: () => void;

beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  told = [];
  stop = new AuditNews({ audit: kept.stores.audit, clock, tell: (seq) => told.push(seq) }).follow();
});
afterEach(() => kept.remove());

function append(): void {
  const { btmsg, audit } = kept.stores;
  btmsg.write(() => audit.append({ at: 1, event: 'turn_started', agentId: null, actor: 'agent', detail: {} }));
}

test('many rows are told of once, by the number of the newest', () => {
  for (let count = 0; count < 5; count += 1) append();
  assert.deepEqual(told, []);
  clock.advance(1_000);
  assert.deepEqual(told, [5]);
  append();
  clock.advance(1_000);
  assert.deepEqual(told, [5, 6]);
});

test('a row whose transaction is undone is not told of', () => {
  const { btmsg, audit } = kept.stores;
  assert.throws(() =>
    btmsg.write(() => {
      audit.append({ at: 1, event: 'turn_started', agentId: null, actor: 'agent', detail: {} });
      throw new Error('the fact did not come to be');
    }),
  );
  clock.advance(1_000);
  assert.deepEqual(told, []);
});

test('once it is stopped nothing looks into the database any more', () => {
  append();
  stop();
  assert.equal(clock.waiting, 0);
  append();
  clock.advance(1_000);
  assert.deepEqual(told, []);
});
