/** What people see when sidecars crash: the wait, what goes on behind it, and what is left to a person. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { until } from '../../support/live-backend.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { ids, text, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

let world: AgentsWorld;
let id: AgentId;

beforeEach(() => {
  world = new AgentsWorld();
  id = world.addAgent();
});
afterEach(() => world.remove());

async function crash(): Promise<void> {
  const run = world.supervisor.run(id);
  assert.ok(run?.record.sidecar);
  process.kill(run.record.sidecar.pid, 'SIGKILL');
  await run.ended;
  await settled();
}

async function wait(ms: number): Promise<void> {
  world.clock.advance(ms);
  await settled();
}

describe('an agent whose sidecar crashed', () => {
  it('comes back by itself, with the session that it was in', async () => {
    await world.feature.agents.start(id, undefined);
    const { sessionId } = world.view(id);
    await crash();
    assert.equal(world.view(id).state, 'restarting');
    world.asked.length = 0;
    await wait(1_000);
    const { method, params } = world.asked[0] ?? {};
    assert.deepEqual([world.view(id).state, method], ['idle', 'run/open']);
    assert.equal(params && typeof params === 'object' && 'sessionId' in params && params.sessionId, sessionId);
  });

  it('keeps the text of its cut turn, marked, and is not given the prompt again', async () => {
    const { promptId, sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    await settled();
    world.does(id, sessionId, turnStarted(ids.turn(), promptId), text(ids.item(), 0, 'half a'));
    await crash();
    await wait(1_000);
    const items = world.feature.sessions.page(sessionId, undefined, 100).items;
    assert.deepEqual(
      items.flatMap((item) => (item.kind === 'text' ? [item.text, item.interrupted] : item.kind === 'turnEnd' ? item.reason : [])),
      ['half a', true, 'crashed'],
    );
    assert.equal(world.methods().filter((method) => method === 'run/prompt').length, 1);
    assert.equal(world.view(id).state, 'idle');
  });

  it('takes prompts meanwhile, which wait and are given in their order', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    const first = world.feature.agents.prompt({ agent: id, text: 'one' });
    const second = world.feature.agents.prompt({ agent: id, text: 'two' });
    await settled();
    assert.deepEqual([first.queued, second.queued, world.view(id).queuedPrompts, world.supervisor.runs()], [true, true, 2, []]);
    world.asked.length = 0;
    await wait(1_000);
    assert.deepEqual(world.asked.at(-1), { method: 'run/prompt', params: { promptId: first.promptId, text: 'one' } });
    assert.equal(world.feature.agents.isQuiet(), false);
  });

  it('shows its wait as it is when it is looked at', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    await wait(1_000);
    await crash();
    assert.equal(world.view(id).stateDetail, 'Restarts in 2 s (attempt 2 of 5): it was ended by SIGKILL');
    world.clock.advance(1_500);
    assert.equal(world.view(id).stateDetail, 'Restarts in 1 s (attempt 2 of 5): it was ended by SIGKILL');
    const [report] = world.feature.sidecars();
    assert.deepEqual([report?.state, report?.health.state, report?.runId, report?.pid], ['restarting', 'restarting', null, 0]);
  });

  it('keeps a backend from calling itself quiet', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    assert.equal(world.feature.agents.isQuiet(), false);
  });

  it('stays down when a person stops it during the wait', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    const stopped = await world.feature.agents.stop(id);
    await wait(600_000);
    assert.deepEqual([stopped.state, world.supervisor.runs(), world.feature.agents.isQuiet()], ['stopped', [], true]);
  });

  it('starts at once when a person starts it, and counts from one again', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    await wait(1_000);
    await crash();
    assert.equal((await world.feature.agents.start(id, undefined)).state, 'idle');
    await crash();
    assert.match(world.view(id).stateDetail, /attempt 1 of 5/);
  });

  it('is restarted by nothing once its agent was removed', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    await world.feature.agents.remove(id, 'cli');
    await wait(600_000);
    assert.deepEqual(world.supervisor.runs(), []);
  });

  it('comes back to the next backend, at its time', async () => {
    await world.feature.agents.start(id, undefined);
    await crash();
    await wait(1_000);
    await crash();
    await world.nextBackend();
    assert.equal(world.view(id).stateDetail, 'Restarts in 2 s (attempt 2 of 5): it was ended by SIGKILL');
    await wait(2_000);
    assert.equal(world.view(id).state, 'idle');
  });
});

describe('an agent whose sidecar failed for good', () => {
  beforeEach(async () => {
    world.set['supervisor.maxAttempts'] = 1;
    await world.feature.agents.start(id, undefined);
    await crash();
    await wait(1_000);
    await crash();
  });

  it('says so, takes prompts and starts none of them', async () => {
    assert.equal(world.view(id).stateDetail, 'Failed after 1 restart: it was ended by SIGKILL. Restart it to try again.');
    assert.equal(world.feature.agents.prompt({ agent: id, text: 'go' }).queued, true);
    await wait(600_000);
    assert.deepEqual([world.view(id).state, world.view(id).queuedPrompts, world.supervisor.runs()], ['failed', 1, []]);
    assert.deepEqual(auditEvents(world.kept.stores).slice(-1), ['agent_failed']);
  });

  it('stays so in the next backend, whatever waits', async () => {
    world.feature.agents.prompt({ agent: id, text: 'go' });
    await world.nextBackend();
    await wait(600_000);
    assert.deepEqual([world.view(id).state, world.supervisor.runs()], ['failed', []]);
  });

  it('works again when a person restarts it, and does what waited', async () => {
    const { promptId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    await world.feature.agents.restart(id, undefined);
    await settled();
    assert.deepEqual(world.asked.at(-1), { method: 'run/prompt', params: { promptId, text: 'go' } });
    assert.deepEqual(world.view(id).sidecarHealth, { state: 'healthy' });
  });
});

describe('what is no crash', () => {
  it('a sidecar that ends in order is not started again', async () => {
    await world.feature.agents.start(id, undefined);
    const run = world.supervisor.run(id);
    assert.ok(run?.record.sidecar);
    run.end({ detail: 'it ended with code 0', isCrash: false });
    // The stand-in knows nothing of that end.
    process.kill(run.record.sidecar.pid, 'SIGKILL');
    await wait(600_000);
    assert.deepEqual([world.view(id).state, world.view(id).sidecarHealth.state], ['offline', 'healthy']);
  });

  it('a program that cannot be started fails its prompt at once, and counts for nothing', async () => {
    world.answers.set('run/open', () => new Error('No such program.'));
    world.feature.agents.prompt({ agent: id, text: 'go' });
    await until(() => world.view(id).queuedPrompts === 0);
    assert.deepEqual([world.view(id).state, world.view(id).stateDetail], ['failed', 'No such program.']);
    assert.equal(world.view(id).sidecarHealth.state, 'healthy');
  });

  it('a program that cannot be started any more after a crash ends the restarts, and fails what waits', async () => {
    const { sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    await settled();
    world.does(id, sessionId, turnStarted(ids.turn()));
    world.feature.agents.prompt({ agent: id, text: 'next' });
    await crash();
    world.answers.set('run/open', () => new Error('No such program.'));
    await wait(1_000);
    await until(() => world.view(id).queuedPrompts === 0);
    assert.deepEqual([world.view(id).state, world.view(id).stateDetail], ['failed', 'No such program.']);
  });
});

describe('the limit of turns', () => {
  const others: AgentId[] = [];

  beforeEach(() => {
    world.set['turns.max'] = 2;
    others.splice(0, others.length, ...['b', 'c', 'd'].map((name) => world.addAgent(name)));
  });

  const promptAll = async () => {
    const given = [id, ...others].map((agent) => world.feature.agents.prompt({ agent, text: 'go' }));
    await settled();
    return given;
  };
  const states = () => [id, ...others].map((agent) => world.view(agent).state);
  const begin = (agent: AgentId, { sessionId, promptId }: Awaited<ReturnType<typeof promptAll>>[number]) => {
    const turnId = ids.turn();
    world.does(agent, sessionId, turnStarted(turnId, promptId));
    return { end: () => world.does(agent, sessionId, turnEnded(turnId)) };
  };

  it('lets so many agents work at once; the others wait, say so, and cost no program', async () => {
    const given = await promptAll();
    assert.deepEqual(states(), ['running', 'running', 'waitingForTurn', 'waitingForTurn']);
    assert.deepEqual(
      given.map(({ queued }) => queued),
      [false, false, true, true],
    );
    assert.equal(world.view(others[1] ?? id).stateDetail, 'Waits for a turn: all 2 are taken');
    assert.deepEqual([world.feature.slots.counts(), world.supervisor.runs().length], [{ running: 2, waiting: 2, max: 2 }, 2]);
  });

  it('lets the next one begin when a turn ends, in the order they came', async () => {
    const [first] = await promptAll();
    assert.ok(first);
    begin(id, first).end();
    await settled();
    assert.deepEqual(states(), ['idle', 'running', 'running', 'waitingForTurn']);
  });

  it('counts a turn that waits for an answer', async () => {
    const [first] = await promptAll();
    assert.ok(first);
    begin(id, first);
    await settled();
    assert.equal(world.feature.slots.counts().running, 2);
  });

  it('lets the next one begin when an agent crashes, is stopped or is removed', async () => {
    await promptAll();
    await crash();
    await settled();
    assert.deepEqual(states(), ['restarting', 'running', 'running', 'waitingForTurn']);
    await world.feature.agents.stop(others[0] ?? id);
    await settled();
    assert.deepEqual(states(), ['restarting', 'stopped', 'running', 'running']);
  });

  it('passes over an agent that was paused while it waited, which then comes last', async () => {
    const [first, second] = await promptAll();
    assert.ok(first && second);
    await world.feature.agents.pause(others[1] ?? id, 'cli');
    begin(id, first).end();
    await settled();
    assert.deepEqual(states(), ['idle', 'running', 'stopped', 'running']);
    world.feature.agents.resume(others[1] ?? id, 'cli');
    assert.equal(world.view(others[1] ?? id).state, 'waitingForTurn');
    begin(others[0] ?? id, second).end();
    await settled();
    assert.deepEqual(states(), ['idle', 'idle', 'running', 'running']);
  });

  it('acts at once when it is changed', async () => {
    await promptAll();
    world.set['turns.max'] = 3;
    world.feature.settingsChanged();
    await settled();
    assert.deepEqual(states(), ['running', 'running', 'running', 'waitingForTurn']);
  });

  it('counts turns that go on in sidecars which the next backend takes over', async () => {
    const [first, second] = await promptAll();
    assert.ok(first && second);
    begin(id, first);
    begin(others[0] ?? id, second);
    await world.nextBackend();
    await settled();
    assert.deepEqual(states(), ['running', 'running', 'waitingForTurn', 'waitingForTurn']);
    assert.equal(world.supervisor.runs().length, 2);
  });
});
