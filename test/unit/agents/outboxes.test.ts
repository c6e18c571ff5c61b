/** Events that were refused: asked of the sidecar when it runs, read from its file when it does not. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentId, SessionId } from '../../../server/protocol/ids.ts';
import type { OutboxReport, PoisonedEvent } from '../../../server/protocol/outbox.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { ids, text } from '../../support/transcripts.ts';

let world: AgentsWorld;
let id: AgentId;

beforeEach(() => {
  world = new AgentsWorld();
  id = world.addAgent();
});
afterEach(() => world.remove());

function poisoned(seq: number, fields: Partial<PoisonedEvent> = {}): PoisonedEvent {
  const key = newId<string>();
  return { seq, key, kind: 'notice', occurredAt: 1, attempts: 12, reason: 'rejected', detail: 'odd', payload: '{}', ...fields };
}

function reportOf(...events: PoisonedEvent[]): OutboxReport {
  return { pending: 0, bytes: 0, isHeldBack: false, coalesced: 0, poisonedCount: events.length, poisoned: events };
}

function requeuedRows(): unknown[] {
  const details = world.kept.stores.btmsg.db
    .prepare<[], string>("select detail from audit_log where event = 'event_requeued'")
    .pluck()
    .all();
  return details.map((detail) => JSON.parse(detail));
}

test('of an agent that does not run, the file is shown, requeued and taken in at once', async () => {
  const [one, two, three] = [poisoned(1), poisoned(2), poisoned(3, { reason: 'damaged' })];
  world.reports = (_, afterSeq = 0) => reportOf(...[one, two, three].filter(({ seq }) => seq > afterSeq));
  assert.equal((await world.feature.outboxes.show('demo', undefined)).poisonedCount, 3);
  const { id: sessionId } = world.feature.sessions.create(id, world.project.id);
  world.leftovers = world.numbered(id, sessionId, text(ids.item(), 0, 'again'));
  assert.equal(await world.feature.outboxes.requeue('demo', undefined, 'cli'), 2);
  assert.deepEqual(requeuedRows(), [{ count: 2, keys: [one.key, two.key] }]);
  assert.equal(world.feature.sessions.page(sessionId, undefined, 10).items.length, 1, 'what was requeued is taken in');
});

test('of an agent that runs, its sidecar is asked, page by page', async () => {
  await world.feature.agents.start('demo', undefined);
  const [one, two] = [poisoned(1), poisoned(2)];
  const pages = [reportOf(one), reportOf(two), reportOf()];
  world.answers.set('run/outbox', () => pages.shift());
  world.answers.set('run/requeue', () => ({ requeued: 1 }));
  assert.equal(await world.feature.outboxes.requeue('demo', [two.key], 'extension'), 1);
  assert.deepEqual(world.asked.slice(-4), [
    { method: 'run/outbox', params: {} },
    { method: 'run/outbox', params: { afterSeq: 1 } },
    { method: 'run/outbox', params: { afterSeq: 2 } },
    { method: 'run/requeue', params: { keys: [two.key] } },
  ]);
  assert.deepEqual(requeuedRows(), [{ count: 1, keys: [two.key] }]);
});

test('while the sidecar is away, nobody else opens its file', async () => {
  await world.feature.agents.start('demo', undefined);
  const run = world.supervisor.run(id);
  assert.ok(run);
  run.link = undefined;
  await assert.rejects(world.feature.outboxes.show('demo', undefined), { code: 'unavailable', message: /away for a moment/ });
});

test('what cannot be sent again is refused in words, and nothing is told of it', async () => {
  const damaged = poisoned(1, { reason: 'damaged' });
  world.reports = (_, afterSeq = 0) => reportOf(...[damaged].filter(({ seq }) => seq > afterSeq));
  const requeue = (keys?: string[]) => world.feature.outboxes.requeue('demo', keys, 'cli');
  await assert.rejects(requeue(['unheard of']), { code: 'notFound', message: /unheard of was set aside/ });
  await assert.rejects(requeue([damaged.key]), { code: 'refused', message: /damaged on the disk/ });
  assert.equal(await requeue(), 0);
  assert.deepEqual(requeuedRows(), []);
});

test('an event that the backend refuses is named in its answer, and of a removed agent everything counts as taken', async () => {
  const { id: sessionId } = world.feature.sessions.create(id, world.project.id);
  const [first, second] = world.numbered(id, sessionId, text(ids.item(), 0, 'a'), text(ids.item(), 0, 'b'));
  const odd = { ...second, event: { type: 'danced' } };
  assert.deepEqual(world.feature.events.takeIn(id, [first, odd]), {
    ackedSeq: 1,
    refused: [{ seq: 2, reason: 'unsupported', detail: 'This version does not know its event.type.' }],
  });
  await world.feature.agents.remove('demo', 'cli');
  assert.deepEqual(world.feature.events.takeIn(id, [odd]), { ackedSeq: 2 });
});

test('what an earlier backend could not take is taken in when the next one starts, though no sidecar runs', async () => {
  const sessionId: SessionId = world.feature.sessions.create(id, world.project.id).id;
  world.leftovers = world.numbered(id, sessionId, text(ids.item(), 0, 'left'));
  world.poisonedCount = 3;
  await world.nextBackend();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  assert.equal(world.feature.sessions.page(sessionId, undefined, 10).items.length, 1);
  assert.equal(world.view(id).poisonedEvents, 3);
});

test('an outbox that cannot be read holds up no other', async () => {
  const other = world.addAgent('other');
  world.collects = (agentId) => {
    if (agentId === id) throw new AgorError('storage', 'It is damaged.');
    return { poisonedCount: 1 };
  };
  await world.nextBackend();
  await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  assert.deepEqual([world.view(id).poisonedEvents, world.view(other).poisonedEvents], [0, 1]);
  assert.ok(world.logged.includes('what a sidecar left was not taken in'));
});
