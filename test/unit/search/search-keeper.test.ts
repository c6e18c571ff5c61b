import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { markupPayloads } from '../../support/markup-payloads.ts';
import { at, id, SearchWorld } from '../../support/search-world.ts';

let world: SearchWorld;
beforeEach(() => {
  world = new SearchWorld();
});
afterEach(() => world.remove());

const dayMs = 86_400_000;
const payloads = markupPayloads
  .flatMap((payload) => [
    payload,
    `${payload} ${payload}`,
    payload.toUpperCase(),
    `$(zap) ${payload}`,
    `**${payload}**`,
    `a ${payload} b`,
    `'${payload}`,
  ])
  .slice(0, 200);

test('whatever was said, written and planned is found, in the order of the groups', () => {
  world.say(10, 'The falcon is in the transcript');
  world.write(11, 'A falcon in a message');
  world.plan(12, 'Feed the falcon');
  world.loseLetter(13, 'The falcon that nobody saw');
  world.kept.stores.btmsg.write(() =>
    world.kept.stores.audit.append({ at, event: 'task_created', agentId: null, actor: 'cli', detail: { what: 'falcon' } }),
  );
  const { groups, isComplete } = world.find('falcon');
  assert.deepEqual(
    groups.map(({ group, hits }) => [group, hits[0]?.title]),
    [
      ['messages', 'builder in shop'],
      ['tasks', 'Feed the falcon'],
      ['communications', 'lead to builder'],
      ['deadLetters', 'lead to builder'],
      ['audit', 'task_created'],
    ],
  );
  assert.equal(isComplete, true);
});

test('a hit leads to its place, and says what of it was found', () => {
  world.say(10, 'The migration failed');
  const [hit] = world.find('migrations').groups[0]?.hits ?? [];
  assert.deepEqual(hit?.place, { kind: 'item', projectId: id(1), agentId: id(3), sessionId: id(2), itemId: id(10) });
  assert.deepEqual(hit?.snippet, [
    { text: 'The ', isMatch: false },
    { text: 'migration', isMatch: true },
    { text: ' failed', isMatch: false },
  ]);
});

test('an agent that was removed is no place to go to', () => {
  world.say(10, 'falcon');
  world.btmsg.prepare('update agents set removed_at = 1').run();
  const place = world.find('falcon').groups[0]?.hits[0]?.place;
  assert.equal(place?.kind === 'item' && place.agentId, null);
});

test('what was changed is found by its new text only, and keeps its place among the newest', () => {
  world.say(10, 'first sparrow');
  world.say(11, 'second sparrow');
  world.find('sparrow');
  world.say(10, 'first falcon bird');
  assert.deepEqual(world.texts('first sparrow'), []);
  assert.deepEqual(world.texts('falcon'), ['first falcon bird']);
  world.say(10, 'first sparrow again');
  assert.deepEqual(world.texts('sparrow'), ['second sparrow', 'first sparrow again']);
});

test('a thousand rows are taken in at once, each once and in their order', () => {
  world.sessions.transaction(() => {
    for (let number = 1_000; number < 2_000; number += 1) world.say(number, `falcon ${number}`);
  })();
  assert.equal(world.keeper.freshen(), true);
  assert.deepEqual(world.keeper.state(), { indexed: 1_000, waiting: 0 });
  assert.equal(world.keeper.taken(), 1_000);
  assert.deepEqual(world.texts('falcon', { limit: 2 }), ['falcon 1999', 'falcon 1998']);
});

test('what was removed is not found any more', () => {
  world.say(10, 'falcon');
  world.plan(12, 'falcon');
  world.find('falcon');
  world.unsay(10);
  world.removeTask(12);
  assert.deepEqual(world.texts('falcon'), []);
});

test('a task is found by what was said about it', () => {
  world.plan(12, 'Feed the birds');
  world.comment(20, 12, 'The falcon is still hungry');
  assert.deepEqual(world.texts('hungry type:tasks'), ['The falcon is still hungry']);
});

test('agents, projects and times narrow down', () => {
  world.say(10, 'falcon of long ago', at - 9 * dayMs);
  world.say(11, 'falcon of today');
  world.plan(12, 'falcon');
  assert.deepEqual(world.texts('falcon agent:builder type:messages'), ['falcon of today', 'falcon of long ago']);
  assert.deepEqual(world.texts('falcon agent:lead'), ['falcon']);
  assert.deepEqual(world.texts('falcon since:2d type:messages'), ['falcon of today']);
  assert.equal(world.texts('project:shop').length, 3);
});

test('the best hits say what was typed, and of equal ones the recent one goes first', () => {
  world.say(10, 'it runs', at - 30 * dayMs);
  world.say(11, 'it running', at - 30 * dayMs);
  world.say(12, 'it runs', at);
  assert.equal(world.texts('running', { order: 'best' })[0], 'it running');
  assert.deepEqual(
    world.find('it runs', { order: 'best' }).groups[0]?.hits.map((hit) => hit.at),
    [at, at - 30 * dayMs, at - 30 * dayMs],
  );
});

test('a clock that was set back changes neither the order of the newest nor what is found', () => {
  world.say(10, 'falcon one', at);
  world.say(11, 'falcon two', at - 400 * dayMs);
  assert.deepEqual(world.texts('falcon'), ['falcon two', 'falcon one']);
  world.now = at - 400 * dayMs;
  assert.equal(world.texts('falcon', { order: 'best' }).length, 2);
});

test('no more hits than were asked for, and whether there are more', () => {
  for (let number = 10; number < 15; number += 1) world.say(number, 'falcon');
  for (const order of ['newest', 'best'] as const) {
    const [group] = world.find('falcon', { limit: 3, order }).groups;
    assert.deepEqual([group?.hits.length, group?.hasMore], [3, true], order);
  }
  assert.equal(world.find('falcon', { limit: 5 }).groups[0]?.hasMore, false);
});

test('the marks of a snippet cannot be written by an agent', () => {
  world.say(10, 'a \u0001forged\u0002 mark beside a falcon');
  assert.deepEqual(
    world.find('falcon').groups[0]?.hits[0]?.snippet.filter(({ isMatch }) => isMatch),
    [{ text: 'falcon', isMatch: true }],
  );
});

test('ten thousand queries of anything at all are answered', () => {
  for (let number = 10; number < 30; number += 1) world.say(number, `falcon ${number} has "quotes" and (brackets) über Straße 日本語`);
  const pieces = [
    '"',
    '*',
    '-',
    '(',
    ')',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    'agent:',
    'project:',
    'type:',
    'since:',
    'content:',
    '^',
    '+',
    '{',
    '}',
    ':',
    '\\',
    "'",
    ';',
    '--',
    '/*',
    '\0',
    '\u0001',
    '\ud800',
    '\u{1f600}',
    'é',
    'falcon',
    'fal*',
    '日本',
    ' ',
    '  ',
    '9'.repeat(20),
    '2d',
    'builder',
    '%',
    '_',
    '$',
    '?',
    'tasks',
    '\u0301',
    '\u200b',
  ];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 10_000; round += 1) {
    const query = Array.from({ length: 1 + next(9) }, () => pieces[next(pieces.length)]).join('');
    assert.doesNotThrow(() => world.find(query, { order: round % 2 === 0 ? 'newest' : 'best', limit: 2 }), JSON.stringify(query));
  }
});

test('a long text is found by a word at its end, in any of its forms, and shown from there', () => {
  const filling = 'lorem ipsum dolor '.repeat(4_000);
  world.say(10, `${filling}the migration failed`);
  for (const query of ['migrating', 'migration', '"migration failed"', 'migr*', 'failed lorem -falcon']) {
    const snippet = world.find(query).groups[0]?.hits[0]?.snippet ?? [];
    assert.ok(
      snippet.some(({ isMatch }) => isMatch),
      query,
    );
  }
});

test('two hundred hostile titles and texts come out as plain text, whole and unmarked', () => {
  for (const [place, payload] of payloads.entries()) {
    world.plan(1_000 + place, `falcon ${payload}`);
    world.say(2_000 + place, `falcon ${payload}`);
  }
  for (const order of ['newest', 'best'] as const) {
    const { groups } = world.find('falcon', { limit: 200, order });
    const hits = groups.flatMap((group) => group.hits);
    assert.equal(hits.length, Math.min(200, payloads.length) * 2);
    for (const { snippet } of hits) {
      const marked = snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text.toLowerCase());
      assert.ok(marked.length > 0 && marked.every((text) => text === 'falcon'), JSON.stringify(snippet));
    }
    const titles = hits.filter(({ group }) => group === 'tasks').map(({ title }) => title);
    assert.ok(payloads.slice(-100).every((payload) => titles.includes(`falcon ${payload}`)));
  }
});

test('while a new index is made, the one of before answers; then the new one does', async () => {
  for (let number = 10; number < 40; number += 1) world.say(number, 'falcon');
  world.find('falcon');
  const told: number[] = [];
  const rebuilt = world.keeper.rebuild((count) => told.push(count().indexed));
  assert.equal(world.texts('falcon').length, 20);
  assert.deepEqual(await rebuilt, { indexed: 30, isCancelled: false });
  assert.deepEqual(told, [30]);
  world.say(50, 'falcon of later');
  assert.equal(world.texts('falcon')[0], 'falcon of later');
  await world.keeper.rebuild(() => {});
  assert.equal(world.texts('falcon')[0], 'falcon of later');
  assert.deepEqual(world.news, []);
});

test('a rebuild that is called off leaves the index as it was, and two at once are refused', async () => {
  world.say(10, 'falcon');
  world.find('falcon');
  const rebuilt = world.keeper.rebuild(() => {});
  const another = world.keeper.rebuild(() => {});
  world.keeper.cancelRebuild();
  await assert.rejects(another, /made anew already/);
  assert.equal((await rebuilt).isCancelled, true);
  assert.deepEqual(world.texts('falcon'), ['falcon']);
});
