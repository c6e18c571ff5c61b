import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gateMemory } from '../../../server/search/file-gate.ts';
import { SearchWorker } from '../../../server/search/search-worker.ts';
import { FakeClock } from '../../support/fake-clock.ts';

type Asks = {
  readonly [K in 'echo' | 'fail' | 'die' | 'beSilent' | 'count']: { readonly ask: { text?: string }; readonly answer: { text?: string } };
};

const program = join(import.meta.dirname, '../../fixtures/threads/search-worker.mjs');
const paths = { searchDb: '', sessionsDb: '', btmsgDb: '' };

let clock: FakeClock;
let worker: SearchWorker<Asks>;
let ends: string[];
let heard: (news: string) => void;

beforeEach(() => {
  clock = new FakeClock();
  ends = [];
  heard = () => {};
  worker = new SearchWorker<Asks>({
    program,
    data: () => ({ role: 'finder', paths, gate: gateMemory() }),
    clock,
    hear: (told) => told.type === 'news' && heard(told.message),
    ended: (reason) => ends.push(reason),
  });
});
afterEach(() => worker.close());

const news = () => new Promise<string>((resolve) => (heard = resolve));

test('each request gets its own answer', async () => {
  const texts = await Promise.all(['one', 'two', 'three'].map((text) => worker.ask('echo', { text })));
  assert.deepEqual(
    texts.map(({ text }) => text),
    ['one', 'two', 'three'],
  );
});

test('what a thread cannot do it says in a sentence, and goes on', async () => {
  await assert.rejects(worker.ask('fail', {}), { code: 'unavailable', message: 'The search could not answer: the falcon flew away' });
  assert.deepEqual(await worker.ask('echo', { text: 'still here' }), { text: 'still here' });
});

test('when a thread dies, all that was asked is refused with the reason, and who asks too soon is told when to', async () => {
  const refused = worker.ask('beSilent', {}).catch((error: unknown) => error);
  await assert.rejects(worker.ask('die', {}), { code: 'unavailable', message: /ended before it answered: A wing broke\. Search again/ });
  assert.match(String(await refused), /A wing broke/);
  assert.deepEqual(ends, ['A wing broke.']);
  await assert.rejects(worker.ask('echo', { text: 'now' }), /The search is down: A wing broke\. It is started again in 1 s\./);
  clock.advance(1_000);
  assert.deepEqual(await worker.ask('echo', { text: 'later' }), { text: 'later' });
});

test('one at rest is no loss, and the next request starts another', async () => {
  await worker.ask('echo', { text: 'before' });
  worker.rest();
  assert.deepEqual([worker.isAwake, worker.waitMs, ends], [false, 0, []]);
  assert.deepEqual(await worker.ask('echo', { text: 'after' }), { text: 'after' });
});

test('one that was asked something does not rest', async () => {
  const answered = worker.ask('echo', { text: 'soon' });
  worker.rest();
  assert.deepEqual(await answered, { text: 'soon' });
});

test('one that dies again and again is started more and more seldom', async () => {
  const waits: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await assert.rejects(worker.ask('die', {}));
    waits.push(worker.waitMs);
    clock.advance(worker.waitMs);
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000]);
});

test('one that is silent with something asked is given up, and another takes its place', async () => {
  const said = news();
  const refused = assert.rejects(worker.ask('beSilent', {}), /It did not answer for 30 s\./);
  await said;
  clock.advance(30_000);
  await refused;
  clock.advance(1_000);
  assert.deepEqual(await worker.ask('echo', { text: 'another' }), { text: 'another' });
});

test('the end does not wait for a thread that is inside a statement', async () => {
  const said = news();
  const refused = assert.rejects(worker.ask('count', {}), /The backend is ending/);
  await said;
  const closed = worker.close();
  clock.advance(2_000);
  await Promise.all([closed, refused]);
  assert.equal(worker.isStuck, true);
  await assert.rejects(worker.ask('echo', {}), /The backend is ending/);
});
