/** What becomes of turns, questions and prompts when a sidecar or a backend ends. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Run } from '../../../server/agents/supervisor.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentId, PromptId, SessionId, TurnId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { noMail } from '../../support/no-mail.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';
import { ids, permissionAsked, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

let world: AgentsWorld;
let id: AgentId;
let sessionId: SessionId;
let turnId: TurnId;

beforeEach(async () => {
  world = new AgentsWorld();
  id = world.addAgent();
  const prompt = world.feature.agents.prompt({ agent: id, text: 'go' });
  await settled();
  sessionId = prompt.sessionId;
  turnId = ids.turn();
  world.does(id, sessionId, turnStarted(turnId, prompt.promptId));
});
afterEach(() => world.remove());

function run(): Run {
  const found = world.supervisor.run(id);
  assert.ok(found);
  return found;
}

async function killSidecar(): Promise<void> {
  const { ended, record } = run();
  assert.ok(record.sidecar);
  process.kill(record.sidecar.pid, 'SIGKILL');
  await ended;
}

function items(): Item[] {
  return world.feature.sessions.page(sessionId, undefined, 100).items;
}

/** What became of questions, tools and turns, in order. */
function ends(): string[] {
  return items().flatMap((item) => {
    if (item.kind === 'turnEnd') return item.reason;
    if (item.kind === 'tool') return item.status;
    return item.kind === 'permission' ? item.state : [];
  });
}

describe('a sidecar that is gone', () => {
  it('leaves its turn crashed, its tools interrupted and its questions withdrawn', async () => {
    world.does(id, sessionId, toolStarted(ids.item()), permissionAsked(ids.approval()));
    await killSidecar();
    assert.deepEqual(ends(), ['interrupted', 'withdrawn', 'crashed']);
    assert.deepEqual(world.feature.approvals.open(), []);
    assert.equal(world.view(id).stateDetail, 'Restarts in 1 s (attempt 1 of 5): it was ended by SIGKILL');
    assert.deepEqual(auditEvents(world.kept.stores).slice(-3), ['run_ended', 'approval_withdrawn', 'agent_restarting']);
    const [end, told] = items().slice(-2);
    assert.deepEqual(told?.kind === 'notice' && told.restart, { ring: 'sidecar', decision: 'restart', attempt: 1, delayMs: 1_000 });
    assert.equal(end?.kind === 'turnEnd' && end.failure?.message, 'Its sidecar crashed: it was ended by SIGKILL');
    assert.deepEqual(
      world.endedTurns.map((ended) => [ended.turnId, ended.reason]),
      [[turnId, 'crashed']],
    );
    assert.equal(world.feature.sessions.itemNaming(sessionId, 'turnEnd', turnId), end?.id);
  });

  it('is heard to the end: a turn that it finished is not called cut', async () => {
    world.leftovers = world.numbered(id, sessionId, text(ids.item(), 0, 'done'), turnEnded(turnId));
    await killSidecar();
    assert.deepEqual(ends(), ['completed']);
    assert.deepEqual(
      items().map(({ kind }) => kind),
      ['prompt', 'text', 'turnEnd', 'notice'],
    );
  });

  it('has what waits go on with a new one', async () => {
    world.feature.agents.prompt({ agent: id, text: 'next' });
    const before = run().record.runId;
    await killSidecar();
    await settled();
    assert.equal(world.supervisor.run(id), undefined, 'it waits before it is started again');
    world.clock.advance(1_000);
    await settled();
    assert.notEqual(run().record.runId, before);
    assert.equal(world.methods().at(-1), 'run/prompt');
  });

  it('does not take the backend with it when the disk is full; the next backend settles it', async () => {
    world.does(id, sessionId, permissionAsked(ids.approval()));
    const room = [fillDisk(world.kept.stores.sessions.db), fillDisk(world.kept.stores.btmsg.db)];
    world.leftovers = world.numbered(id, sessionId, text(ids.item(), 0, 'x'.repeat(200_000)));
    // Not one page is left, not even in those that are there.
    world.kept.stores.btmsg.db.pragma('query_only = on');
    world.kept.stores.sessions.db.pragma('query_only = on');
    await killSidecar();
    assert.ok(world.logged.includes('the end of a run was not recorded'));
    assert.ok(world.logged.includes('a cut turn was not ended'));
    assert.equal(world.view(id).state, 'waitingForApproval');
    for (const makeRoom of room) makeRoom();
    await world.nextBackend();
    assert.deepEqual(ends(), ['withdrawn', 'crashed']);
    assert.deepEqual([world.feature.approvals.open(), world.view(id).state], [[], 'stopped'], 'that it crashed could not be kept');
    assert.equal(auditEvents(world.kept.stores).filter((event) => event === 'run_ended').length, 1);
  });
});

describe('the next backend', () => {
  it('takes over what runs, and tells of it once', async () => {
    await world.nextBackend();
    assert.equal(world.view(id).state, 'running');
    const found = run();
    for (let time = 0; time < 2; time += 1) world.attach(found, { sessionId });
    world.does(id, sessionId, turnEnded(turnId));
    assert.deepEqual(ends(), ['completed']);
    assert.equal(auditEvents(world.kept.stores).filter((event) => event === 'run_adopted').length, 1);
    assert.equal(world.view(id).state, 'idle');
  });

  it('ends the turn of a sidecar that ended while nobody looked', async () => {
    world.does(id, sessionId, permissionAsked(ids.approval()));
    const { record } = run();
    world.supervisor.close();
    assert.ok(record.sidecar);
    process.kill(record.sidecar.pid, 'SIGKILL');
    await run().ended.catch(() => {});
    await world.nextBackend();
    assert.deepEqual(ends(), ['withdrawn', 'crashed']);
    assert.equal(world.feature.agents.isQuiet(), true);
  });

  it('gives a prompt that was accepted and never given, also to an agent that does not run', async () => {
    const other = world.addAgent('other');
    await world.feature.agents.pause(other, 'cli');
    const { promptId } = world.feature.agents.prompt({ agent: other, text: 'accepted' });
    world.feature.registry.setPaused(other, false, 'cli');
    await world.nextBackend();
    await settled();
    assert.deepEqual(world.asked.at(-1), { method: 'run/prompt', params: { promptId, text: 'accepted' } });
  });

  it('leaves an agent alone that a person has stopped, whatever waits for it', async () => {
    world.feature.agents.prompt({ agent: id, text: 'next' });
    await world.feature.agents.stop(id);
    await world.nextBackend();
    await settled();
    assert.deepEqual([world.supervisor.runs(), world.view(id).stateDetail], [[], '1 prompt waits']);
  });

  it('does not give a prompt again whose turn its sidecar has begun', async () => {
    const { promptId } = world.feature.agents.prompt({ agent: id, text: 'next' });
    world.does(id, sessionId, turnEnded(turnId));
    await settled();
    await world.nextBackend();
    world.asked.length = 0;
    world.does(id, sessionId, turnStarted(ids.turn(), promptId));
    world.attach(run(), { sessionId, promptId });
    await settled();
    assert.deepEqual(world.methods(), []);
  });

  it('lets mail wait again whose prompt failed as the one before it ended, and keeps it with one that is still to be given', async () => {
    world.answers.set('run/prompt', () => new AgorError('agentFailed', 'No.'));
    world.does(id, sessionId, turnEnded(turnId));
    const failed = world.feature.agents.prompt({ agent: id, text: 'fails' });
    await settled();
    assert.equal(world.feature.agents.promptState(failed.promptId), 'sent');
    await world.feature.agents.stop(id);
    const other = world.addAgent('other');
    await world.feature.agents.pause(other, 'cli');
    const { promptId } = world.feature.agents.prompt({ agent: other, text: 'waits' });
    let kept: PromptId[] = [];
    const recoverClaims = (isWaiting: (id: PromptId) => boolean) => {
      kept = [failed.promptId, promptId].filter(isWaiting);
    };
    world.mail = { ...noMail, recoverClaims };
    await world.nextBackend();
    assert.deepEqual(kept, [promptId]);
  });

  it('numbers a new sidecar’s events after what either file has of the last one', async () => {
    world.kept.stores.btmsg.write(() => world.kept.stores.btmsg.db.prepare('update intake set acked_seq = 50 where agent_id = ?').run(id));
    await world.feature.agents.stop(id);
    await world.feature.agents.start(id, undefined);
    assert.equal(run().record.ackedSeq, 50);
  });
});

describe('a program that ended', () => {
  it('leaves no tool running in the background', () => {
    world.does(id, sessionId, toolStarted(ids.item()), turnEnded(turnId));
    world.feature.events.programChanged(id, { programPid: null, programVersion: null, detail: 'It ended with code 1.' });
    assert.deepEqual(ends(), ['interrupted', 'completed']);
    world.feature.events.programChanged(id, { programPid: 12, programVersion: null, detail: 'The program was started again.' });
    assert.equal(world.view(id).state, 'idle');
  });
});
