/** Which of the backend's news reach a page. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { paceMs } from '../../../../extension/drawing/pace.ts';
import { each, namesOfAgents, newest, newsOf } from '../../../../extension/panels/page-news.ts';
import { sampleAgent } from '../../../support/protocol-samples.ts';

type News = ReturnType<typeof newsOf>;

let told: News[];
const post = (news: News) => void told.push(news);
const agent = sampleAgent();
const changed = (changes: Parameters<typeof sampleAgent>[0]) => newsOf('agent/changed', { agent: sampleAgent({ ...agent, ...changes }) });

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  told = [];
});
afterEach(() => mock.timers.reset());

test('a page that follows what happens is told of each', () => {
  const all = [changed({ queuedPrompts: 1 }), changed({ queuedPrompts: 2 })];
  const { hear } = each(post);
  for (const news of all) hear(news);
  assert.deepEqual(told, all);
});

test('a page that asks again whatever happened is told at once, and then of the newest', () => {
  const all = [1, 2, 3].map((queuedPrompts) => changed({ queuedPrompts }));
  const { hear } = newest(post);
  for (const news of all) hear(news);
  assert.deepEqual(told, [all[0]]);
  mock.timers.tick(paceMs);
  assert.deepEqual(told, [all[0], all[2]]);
  mock.timers.tick(10 * paceMs);
  assert.equal(told.length, 2);
});

test('a page that shows names is told of an agent when it is called otherwise', () => {
  const { hear } = namesOfAgents(post);
  for (const name of ['ann', 'ann', 'anna', 'anna']) hear(changed({ name }));
  hear(newsOf('agent/removed', { agentId: agent.id }));
  assert.deepEqual(told, [changed({ name: 'ann' }), changed({ name: 'anna' }), newsOf('agent/removed', { agentId: agent.id })]);
});
