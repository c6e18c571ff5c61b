/** Idle agents that are let sleep, and woken by their next prompt. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AgentId, SessionId } from '../../../server/protocol/ids.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { until } from '../../support/live-backend.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { ids, permissionAsked, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

const minuteMs = 60_000;
let world: AgentsWorld;
let id: AgentId;
let sessionId: SessionId;

beforeEach(async () => {
  world = new AgentsWorld();
  id = world.addAgent();
  world.feature.start();
  const view = await world.feature.agents.start(id, undefined);
  assert.ok(view.sessionId);
  sessionId = view.sessionId;
});
afterEach(() => world.remove());

const pass = async (minutes: number) => {
  world.clock.advance(minutes * minuteMs);
  await settled();
};
const asleep = () => until(() => world.view(id).state === 'sleeping');
const slept = () => auditEvents(world.kept.stores).filter((event) => event === 'agent_slept').length;

describe('an agent with nothing to do', () => {
  it('sleeps after thirty minutes, and not before', async () => {
    await pass(29.9);
    assert.equal(world.view(id).state, 'idle');
    await pass(0.5);
    await asleep();
    assert.deepEqual([world.supervisor.runs(), slept()], [[], 1]);
    assert.deepEqual(JSON.parse(world.kept.stores.audit.newestDetail('agent_slept', id) ?? '').because, 'idle');
  });

  it('sleeps after as many minutes as the person has set', async () => {
    world.set['agent.idleMinutes'] = 1;
    await pass(1.5);
    await asleep();
  });

  it('is woken by its next prompt, in the same session', async () => {
    await pass(31);
    await asleep();
    world.asked.length = 0;
    const prompt = world.feature.agents.prompt({ agent: id, text: 'go' });
    assert.equal(prompt.sessionId, sessionId);
    await settled();
    assert.deepEqual(world.methods(), ['run/open', 'run/prompt']);
    assert.equal(world.view(id).state, 'running');
  });

  it('whose next prompt comes while it is ended is started again for it', async () => {
    await pass(31);
    world.feature.agents.prompt({ agent: id, text: 'go' });
    await until(() => world.methods().at(-1) === 'run/prompt');
    assert.equal(world.view(id).state, 'running');
  });

  it('still sleeps in the next backend', async () => {
    await pass(31);
    await asleep();
    await world.nextBackend();
    assert.equal(world.view(id).state, 'sleeping');
    await world.feature.agents.stop(id);
    assert.equal(world.view(id).state, 'stopped');
  });

  it('counts from its last turn', async () => {
    await pass(20);
    const turnId = ids.turn();
    world.does(id, sessionId, turnStarted(turnId), turnEnded(turnId));
    await pass(20);
    assert.equal(world.view(id).state, 'idle');
    await pass(11);
    await asleep();
  });
});

it('when memory is short, the one that was idle longest sleeps first, one a minute', async () => {
  const other = world.addAgent('other');
  await pass(5);
  await world.feature.agents.start(other, undefined);
  await pass(2);
  world.memory = 0.05;
  await pass(0.3);
  await asleep();
  assert.deepEqual([world.view(other).state, slept()], ['idle', 1]);
  assert.equal(JSON.parse(world.kept.stores.audit.newestDetail('agent_slept', id) ?? '').because, 'memory');
  await pass(1);
  await until(() => world.view(other).state === 'sleeping');
});

describe('an agent is kept awake', () => {
  for (const [name, keep] of [
    ['while a turn runs', () => void world.does(id, sessionId, turnStarted(ids.turn()))],
    ['while a question is open', () => void world.does(id, sessionId, permissionAsked(ids.approval()))],
    ['while something that it began goes on in the background', () => void world.does(id, sessionId, toolStarted(ids.item()))],
    [
      'while a prompt waits for the end of a pause',
      async () => {
        await world.feature.agents.pause(id, 'cli');
        world.feature.agents.prompt({ agent: id, text: 'go' });
      },
    ],
  ] as const) {
    it(name, async () => {
      await keep();
      await pass(600);
      assert.deepEqual([world.supervisor.runs().length, slept()], [1, 0]);
    });
  }
});

it('when a backend ends with nothing to do, its agents sleep', async () => {
  await world.feature.agents.sleepAll();
  await settled();
  assert.deepEqual([world.view(id).state, world.supervisor.runs()], ['sleeping', []]);
});
