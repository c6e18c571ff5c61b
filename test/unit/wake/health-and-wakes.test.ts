/** Health and wakes over real agents: from a turn that goes silent to the manager that is woken for it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { AgentId, SessionId } from '../../../server/protocol/ids.ts';
import { defaultSettings } from '../../../server/protocol/settings.ts';
import type { AgentProfile } from '../../../server/protocol/team.ts';
import type { WakeFacts } from '../../../server/wake/wake-facts.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { composeFleet, type Fleet } from '../../support/composed-fleet.ts';
import { noMail } from '../../support/no-mail.ts';
import { agentProfile, boardTasks } from '../../support/team-samples.ts';
import { ids, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

const minuteMs = 60_000;

let world: AgentsWorld;
let fleet: Fleet;
let lead: AgentId;
let builder: AgentId;
let session: SessionId;
let board: WakeFacts['board'];
const profiles = new Map<AgentId, AgentProfile>();

beforeEach(async () => {
  world = new AgentsWorld();
  board = { counts: {}, blocked: [], review: [] };
  [lead, builder] = [world.addAgent('lead'), world.addAgent('builder')];
  profiles.set(lead, agentProfile({ agentId: lead, role: 'manager', tier: 1, wakeStrategy: 'smart', wakeThreshold: 0.9 }));
  profiles.set(builder, agentProfile({ agentId: builder }));
  world.mail = {
    ...noMail,
    turnStarted: (id, promptIds) => fleet.wakes.turnStarted(id, promptIds),
    turnEnded: (id, reason) => fleet.wakes.turnEnded(id, reason),
  };
  await world.nextBackend();
  fleet = compose();
  fleet.start();
  session = world.feature.agents.createSession(builder).id;
  await world.feature.agents.start('lead', undefined);
});
afterEach(async () => {
  fleet.close();
  await world.remove();
});

function compose(): Fleet {
  const { btmsg: file, audit } = world.kept.stores;
  return composeFleet({
    ...{ file, audit, clock: world.clock, setting: (name) => defaultSettings[name], agents: world.feature, log: () => {} },
    profile: (id) => profiles.get(id) ?? agentProfile({ agentId: id }),
    members: () => world.feature.registry.all().map(({ id }) => id),
    board: () => board,
    mail: () => ({ unread: 0, owed: 0 }),
  });
}

async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.clock.advance(minuteMs);
    await settled();
  }
}

function prompts(): string[] {
  return world.asked.filter(({ method }) => method === 'run/prompt').map(({ params }) => JSON.stringify(params));
}

test('a worker that goes silent in its turn wakes its manager, once, in a fresh session, and the wake is followed to its end', async () => {
  world.does(builder, session, turnStarted(ids.turn()));
  await pass(14);
  assert.deepEqual([prompts(), fleet.wakes.list(lead, 10)], [[], []]);
  await pass(30);
  const [wake] = fleet.wakes.list(lead, 10);
  assert.ok(wake);
  assert.deepEqual([wake.state, wake.score, wake.signals[0]?.name, fleet.wakes.list(lead, 10).length], ['pending', 1, 'AttentionSpike', 1]);
  assert.match(wake.summary, /^- "builder" \(project\): stalled, attention 100, because "Stalled: .+", context unknown, cost unknown$/m);
  assert.equal(prompts().length, 1);
  assert.ok(prompts()[0]?.includes(wake.promptId));
  const { sessionId } = world.view(lead);
  assert.ok(sessionId);
  assert.equal(world.feature.sessions.get(sessionId).title, 'Wake');
  const turn = ids.turn();
  world.does(lead, sessionId, turnStarted(turn, wake.promptId));
  assert.equal(fleet.wakes.list(lead, 1)[0]?.state, 'begun');
  world.does(lead, sessionId, turnEnded(turn));
  assert.equal(fleet.wakes.list(lead, 1)[0]?.state, 'done');
  await pass(30);
  assert.equal(fleet.wakes.list(lead, 10).length, 1);
});

test('a task that comes to review wakes the manager, and one that was stopped is left alone', async () => {
  board = { counts: { review: 1 }, blocked: [], review: boardTasks(1) };
  await world.feature.agents.stop('lead');
  await pass(10);
  assert.deepEqual(fleet.wakes.list(lead, 10), []);
  await world.feature.agents.start('lead', undefined);
  await pass(4);
  assert.equal(fleet.wakes.list(lead, 10).length, 1);
});

test('a heartbeat by command is life: the turn does not stall', async () => {
  world.does(builder, session, turnStarted(ids.turn()));
  for (let quarter = 0; quarter < 4; quarter += 1) {
    await pass(14);
    fleet.beat(builder);
  }
  const teammate = fleet.health.teammates().find(({ agentId }) => agentId === builder);
  assert.deepEqual([teammate?.activity, teammate?.attention.score], ['running', 0]);
  assert.ok(teammate?.lastHeartbeatAt);
});

test('a wake that the person takes back with its prompt is cancelled', async () => {
  await world.feature.agents.pause('lead', 'cli');
  const wake = fleet.wakes.wakeNow(lead, 'cli');
  await world.feature.agents.interrupt('lead');
  await pass(1);
  assert.equal(fleet.wakes.list(lead, 1)[0]?.state, 'cancelled');
  assert.equal(world.feature.agents.promptState(wake.promptId), 'dropped');
});

test('of an agent that is removed neither a wake nor a heartbeat is left', async () => {
  await world.feature.agents.pause('lead', 'cli');
  fleet.wakes.wakeNow(lead, 'cli');
  fleet.beat(lead);
  await world.feature.agents.remove('lead', 'cli');
  assert.deepEqual([fleet.wakes.list(lead, 1)[0]?.state, fleet.heartbeats.lastAt(lead)], ['cancelled', null]);
  await pass(1);
  assert.deepEqual(
    fleet.health.teammates().map(({ agentId }) => agentId),
    [builder],
  );
});

test('two agents that write the same file are both worth a look', async () => {
  for (const agent of [lead, builder]) {
    const own = agent === builder ? session : world.feature.agents.createSession(agent).id;
    const itemId = ids.item();
    const content = [{ type: 'diff' as const, path: 'index.ts', oldText: null, newText: 'x' }];
    world.does(agent, own, turnStarted(ids.turn()), toolStarted(itemId), { type: 'toolEnded', itemId, status: 'ok', content });
  }
  await pass(1);
  for (const agent of [lead, builder]) assert.equal(fleet.health.member(agent)?.attention.score, 70);
});
