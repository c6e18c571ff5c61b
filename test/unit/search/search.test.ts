import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Search } from '../../../server/search/search.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { TestStores } from '../../support/test-stores.ts';

const program = join(import.meta.dirname, '../../fixtures/threads/search-parts.mjs');

let kept: TestStores;
let clock: FakeClock;
let logged: string[];
let search: Search;
beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  logged = [];
});
afterEach(async () => {
  await search.close();
  kept.remove();
});

/** With threads that behave so. */
function searchThat(how: string): Search {
  const { sessions, btmsg } = kept.stores;
  const paths = { searchDb: how, sessionsDb: '', btmsgDb: '' };
  search = new Search({ program, paths, sessions: sessions.db, btmsg: btmsg.db, clock, log: (message) => logged.push(message) });
  return search;
}

const once = (emitter: { on(call: () => void): void }) => new Promise<void>((resolve) => emitter.on(resolve));

test('an answer is complete when all that there was before is in', async () => {
  assert.deepEqual(await searchThat('works').all({ query: 'falcon' }), { groups: [], remarks: ['asked 1 times'], isComplete: true });
});

test('who asks while much is taken in does not wait, and is told that there may be more', async () => {
  searchThat('is filling').start();
  await once(search.progressed);
  assert.equal((await search.all({ query: 'falcon' })).isComplete, false);
});

test('an index that was found damaged is replaced, and asked again', async () => {
  const { remarks } = await searchThat('is damaged').all({ query: 'falcon' });
  assert.deepEqual([remarks, logged], [['asked 2 times'], ['replaced 1:2']]);
});

test('the keeper of the index is asked again only when something was written, or its index made anew', async () => {
  const asks = async () => (await searchThat('counts').all({ query: 'falcon' })).isComplete;
  const again = async () => (await search.all({ query: 'falcon' })).isComplete;
  assert.deepEqual([await asks(), await again()], [true, true]);
  kept.stores.btmsg.write(() =>
    kept.stores.audit.append({ at: 1, event: 'task_created', agentId: null, actor: 'cli', detail: { what: 'falcon' } }),
  );
  assert.deepEqual([await again(), await again()], [false, false]);
});

test('a thread that keeps the index and dies is told of, does not stop the search, and is started again by itself', async () => {
  const { isComplete } = await searchThat('dies').all({ query: 'falcon' });
  assert.equal(isComplete, false);
  assert.deepEqual(search.problems(), ['The search index is not kept now: A wing broke. It is tried again by itself.']);
  const changed = once(search.changed);
  clock.advance(1_000);
  await changed;
  assert.deepEqual(search.problems(), []);
});

test('a thread that keeps the index and is silent holds nobody up', async () => {
  const answered = searchThat('is silent').all({ query: 'falcon' });
  clock.advance(500);
  assert.equal((await answered).isComplete, false);
});

test('who was told that there may be more hears of it when it is in', async () => {
  searchThat('is silent');
  const progressed = once(search.progressed);
  const answered = search.all({ query: 'falcon' });
  clock.advance(500);
  await Promise.all([answered, progressed]);
});

test('at its end everything that was asked is refused in a sentence', async () => {
  searchThat('is silent').start();
  const refused = assert.rejects(search.rebuild(), { code: 'unavailable', message: 'The backend is ending. Search again in a moment.' });
  await search.close();
  await refused;
  assert.equal(search.isStuck, false);
});
