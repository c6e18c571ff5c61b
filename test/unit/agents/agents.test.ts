import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, PromptId, SessionId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { AgentsWorld, unavailable } from '../../support/agents-world.ts';
import { auditEvents, hashOf } from '../../support/test-stores.ts';
import { ids, permissionAsked, permissionRequest, text, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

let world: AgentsWorld;
let id: AgentId;

beforeEach(() => {
  world = new AgentsWorld();
  id = world.addAgent();
});
afterEach(() => world.remove());

function items(session: SessionId): Item[] {
  return world.feature.sessions.page(session, undefined, 100).items;
}

/** A turn that runs the prompt. */
async function running(): Promise<{ sessionId: SessionId; promptId: PromptId; turnId: ReturnType<typeof ids.turn> }> {
  const { promptId, sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
  await settled();
  const turnId = ids.turn();
  world.does(id, sessionId, turnStarted(turnId, promptId));
  return { sessionId, promptId, turnId };
}

describe('a prompt', () => {
  it('is on disk before it is acknowledged, and starts its agent', async () => {
    const { sessionId, promptId, queued } = world.feature.agents.prompt({ agent: 'demo', text: 'go' });
    assert.equal(queued, false);
    assert.equal(world.kept.stores.sessions.db.prepare('select state from prompts where id = ?').pluck().get(promptId), 'queued');
    await settled();
    assert.deepEqual(world.methods(), ['run/open', 'run/prompt']);
    assert.equal(world.view(id).state, 'running');
    const turnId = ids.turn();
    world.does(id, sessionId, turnStarted(turnId, promptId), text(ids.item(), 0, 'Hi'), turnEnded(turnId));
    assert.deepEqual([world.view(id).state, world.view(id).queuedPrompts], ['idle', 0]);
    assert.deepEqual(auditEvents(world.kept.stores).slice(-3), ['run_started', 'turn_started', 'turn_ended']);
  });

  it('under an id that was given before is the same prompt, and under another agent’s refused', () => {
    const first = world.feature.agents.prompt({ agent: id, text: 'go' });
    const again = world.feature.agents.prompt({ agent: id, text: 'go', promptId: first.promptId });
    assert.equal(again.sessionId, first.sessionId);
    assert.equal(items(first.sessionId).length, 1);
    const other = world.addAgent('other');
    assert.throws(() => world.feature.agents.prompt({ agent: other, text: 'go', promptId: first.promptId }), { code: 'conflict' });
  });

  it('behind others says that it waits', async () => {
    await running();
    assert.equal(world.feature.agents.prompt({ agent: id, text: 'next' }).queued, true);
    assert.equal(world.view(id).queuedPrompts, 1);
  });

  it('is not accepted for a project that is not trusted', () => {
    world.projects.trust('shop', false, 'cli');
    assert.throws(() => world.feature.agents.prompt({ agent: id, text: 'go' }), { code: 'untrusted' });
  });

  it('of an agent whose folder is gone fails with what to do', async () => {
    rmSync(world.project.path, { recursive: true });
    const { sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    await settled();
    const end = items(sessionId).at(-1);
    assert.match(end?.kind === 'turnEnd' ? (end.failure?.message ?? '') : '', /is gone or cannot be written/);
    assert.equal(world.view(id).state, 'failed');
  });

  it('finds a session even when the database has lost the current one', async () => {
    world.feature.registry.setSession(id, newId<SessionId>());
    assert.equal(world.view(id).usage, null);
    const { sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    assert.equal(world.view(id).sessionId, sessionId);
  });
});

const askedHash = hashOf(permissionRequest);

describe('an answer', () => {
  const ask = async () => {
    const { sessionId } = await running();
    const approval = ids.approval();
    world.does(id, sessionId, permissionAsked(approval));
    return { approval, sessionId };
  };

  it('is kept, shown and given to the agent', async () => {
    const { approval, sessionId } = await ask();
    assert.equal(world.view(id).state, 'waitingForApproval');
    const answered = await world.feature.answers.answer({ approval, hash: askedHash, decision: 'deny', message: 'not now' }, 'cli');
    assert.equal(answered.state, 'denied');
    assert.deepEqual(world.asked.at(-1)?.params, { approvalId: approval, decision: 'deny', message: 'not now' });
    const shown = items(sessionId).at(-1);
    assert.equal(shown?.kind === 'permission' && shown.state, 'denied');
    await assert.rejects(world.feature.answers.answer({ approval, hash: askedHash, decision: 'allowOnce' }, 'cli'), { code: 'conflict' });
  });

  it('while the agent is away is accepted, and given when it is back', async () => {
    const { approval } = await ask();
    const run = world.supervisor.run(id);
    assert.ok(run);
    run.link?.close();
    await settled();
    const answer = { approval, hash: askedHash, decision: 'allowOnce', message: 'but be quick' } as const;
    assert.equal((await world.feature.answers.answer(answer, 'cli')).state, 'allowedOnce');
    world.asked.length = 0;
    world.attach(run);
    await settled();
    assert.deepEqual(world.asked[0], {
      method: 'run/answer',
      params: { approvalId: approval, decision: 'allowOnce', message: 'but be quick' },
    });
  });

  it('that is lost with its channel is accepted too', async () => {
    const { approval } = await ask();
    world.answers.set('run/answer', () => unavailable);
    assert.equal((await world.feature.answers.answer({ approval, hash: askedHash, decision: 'deny' }, 'cli')).state, 'denied');
  });

  it('that nobody waits for any more is a conflict', async () => {
    const { approval } = await ask();
    world.answers.set('run/answer', () => ({ delivered: false }));
    await assert.rejects(world.feature.answers.answer({ approval, hash: askedHash, decision: 'deny' }, 'cli'), {
      code: 'conflict',
      message: /no longer waits/,
    });
  });

  it('after the agent was stopped is a conflict with a sentence', async () => {
    const { approval, sessionId } = await ask();
    await world.feature.agents.stop(id);
    await assert.rejects(world.feature.answers.answer({ approval, hash: askedHash, decision: 'deny' }, 'cli'), {
      message: /the agent went on without it/,
    });
    assert.deepEqual(
      items(sessionId).flatMap((item) => (item.kind === 'permission' ? item.state : item.kind === 'turnEnd' ? item.reason : [])),
      ['withdrawn', 'interrupted'],
    );
  });
});

describe('interrupting, pausing and stopping', () => {
  it('an interrupt with no turn takes back the prompts that wait', async () => {
    await world.feature.agents.pause(id, 'cli');
    const { sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
    await world.feature.agents.interrupt(id);
    const [prompt] = items(sessionId);
    assert.equal(prompt?.kind === 'prompt' && prompt.state, 'dropped');
    assert.equal(world.view(id).queuedPrompts, 0);
  });

  it('a pause interrupts the turn and holds what waits until it ends', async () => {
    const { sessionId, turnId } = await running();
    await world.feature.agents.pause(id, 'cli');
    assert.equal(world.methods().at(-1), 'run/interrupt');
    world.feature.agents.prompt({ agent: id, text: 'later' });
    world.does(id, sessionId, turnEnded(turnId, 'interrupted'));
    await settled();
    assert.equal(world.view(id).stateDetail, 'Paused, 1 prompt waits');
    world.feature.agents.resume(id, 'cli');
    await settled();
    assert.equal(world.methods().at(-1), 'run/prompt');
    assert.deepEqual(auditEvents(world.kept.stores).slice(-1), ['agent_resumed']);
  });

  it('a pause works while the agent is away', async () => {
    await running();
    world.answers.set('run/interrupt', () => unavailable);
    assert.equal((await world.feature.agents.pause(id, 'cli')).paused, true);
  });

  it('a stop is not undone by the prompts that wait', async () => {
    await running();
    world.feature.agents.prompt({ agent: id, text: 'next' });
    const stopped = await world.feature.agents.stop(id);
    await settled();
    assert.deepEqual([stopped.state, stopped.stateDetail, world.supervisor.runs()], ['stopped', '1 prompt waits', []]);
  });

  it('a project that is no longer trusted has its agents stopped', async () => {
    await running();
    await world.feature.agents.stopOf(world.project.id);
    assert.deepEqual(world.supervisor.runs(), []);
  });
});

describe('removing', () => {
  it('an agent that runs stops it, drops what waits and keeps its transcript', async () => {
    const { sessionId } = await running();
    world.feature.agents.prompt({ agent: id, text: 'next' });
    await world.feature.agents.remove(id, 'cli');
    await settled();
    assert.deepEqual([world.supervisor.runs(), world.feature.agents.list(undefined)], [[], []]);
    assert.deepEqual(
      items(sessionId).map((item) => (item.kind === 'prompt' ? item.state : item.kind)),
      ['sent', 'dropped', 'turnEnd'],
    );
    assert.throws(() => world.feature.agents.resumeSession(sessionId), { code: 'notFound', message: /can still be read/ });
    assert.equal(world.does(id, sessionId, turnStarted(ids.turn())), 2, 'what it still tells is acknowledged, and not kept');
    assert.equal(items(sessionId).length, 3);
  });

  it('an agent while it starts leaves nothing running, and the backend unharmed', async () => {
    let onOpen = () => {};
    const opening = new Promise<void>((resolve) => {
      onOpen = resolve;
    });
    world.answers.set('run/open', () => {
      onOpen();
      return new Promise(() => {});
    });
    world.feature.agents.prompt({ agent: id, text: 'go' });
    await opening;
    await world.feature.agents.remove(id, 'cli');
    await settled();
    assert.deepEqual([world.supervisor.runs(), world.feature.registry.all()], [[], []]);
  });

  it('a prompt that comes while the agent is being removed starts nothing', async () => {
    await running();
    const removed = world.feature.agents.remove(id, 'cli');
    const { sessionId } = world.feature.agents.prompt({ agent: id, text: 'too late' });
    await removed;
    await settled();
    assert.deepEqual(world.supervisor.runs(), []);
    const late = items(sessionId).find((item) => item.kind === 'prompt' && item.text === 'too late');
    assert.equal(late?.kind === 'prompt' && late.state, 'dropped');
  });

  it('a project removes its agents, those too that are added meanwhile', async () => {
    await running();
    const removed = world.feature.agents.removeAll(world.project.id, 'cli');
    world.addAgent('late');
    await removed;
    assert.deepEqual(world.feature.registry.all(), []);
  });
});

describe('sessions of an agent', () => {
  it('a new one, or an earlier one again, is where its next prompt goes', () => {
    const first = world.feature.agents.createSession(id);
    const second = world.feature.agents.createSession('shop/demo');
    assert.equal(world.feature.agents.prompt({ agent: id, text: 'a' }).sessionId, second.id);
    world.feature.agents.resumeSession(first.id);
    assert.equal(world.feature.agents.prompt({ agent: id, text: 'b' }).sessionId, first.id);
  });
});

it('a backend is quiet when no agent has or waits for anything', async () => {
  assert.equal(world.feature.agents.isQuiet(), true);
  const { sessionId, turnId } = await running();
  assert.equal(world.feature.agents.isQuiet(), false);
  world.does(id, sessionId, turnEnded(turnId));
  assert.equal(world.feature.agents.isQuiet(), true);
});

it('what changes about an agent is told once, and only if it changed', async () => {
  const told: string[] = [];
  world.feature.reports.changed.on(({ state }) => void told.push(state));
  for (let count = 0; count < 10; count += 1) world.feature.reports.touch(id);
  await settled();
  world.feature.reports.touch(id);
  await settled();
  assert.deepEqual(told, ['stopped']);
});
