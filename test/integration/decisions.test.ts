/** Rules, modes and time limits around a real agent program, its sidecar and backends that are killed. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent, AgentMode } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { SessionId } from '../../server/protocol/ids.ts';
import type { SandboxMode } from '../../server/protocol/sandbox.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { hasBubblewrap, landlockHere } from '../support/sandbox-world.ts';

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection);
});
after(() => backend.close());
afterEach(async () => {
  await setMode('ask');
  for (const { id } of (await connection.call('rule/list', {})).rules) await connection.call('rule/remove', { rule: id });
});

const setMode = (mode: AgentMode) => connection.call('agent/setMode', { agent: agent.id, mode });
const newest = async (): Promise<Approval> => {
  const [first] = (await connection.call('approval/list', { all: true })).approvals;
  return first ?? assert.fail('nothing was ever asked');
};

/** The agent asks whether it may run a command. Resolves when it waits for an answer, or its turn has ended without. */
async function ask(): Promise<{ readonly question: Approval; readonly sessionId: SessionId }> {
  const before = (await connection.call('approval/list', { all: true })).approvals.length;
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'ask' });
  await until(async () => (await connection.call('approval/list', { all: true })).approvals.length > before, 30_000);
  const question = await newest();
  if (question.state !== 'open') await ended(sessionId);
  return { question: await newest(), sessionId };
}

async function ended(sessionId: SessionId): Promise<string> {
  let said = '';
  await until(async () => {
    const { items } = await connection.call('session/items', { session: sessionId });
    said = JSON.stringify(items.slice(items.findLastIndex(({ kind }) => kind === 'prompt')));
    return items.at(-1)?.kind === 'turnEnd';
  }, 30_000);
  return said;
}

async function audited(event: string): Promise<string[]> {
  const { records } = await connection.call('audit/list', { limit: 200 });
  return records.filter((row) => row.event === event).map(({ actor }) => actor);
}

describe('a rule', () => {
  it('is made from a question that was shown, answers it, and then the same one, also with the next backend', async () => {
    const { question, sessionId } = await ask();
    assert.match(question.request.resolved ?? '', /node/);
    const made = await connection.call('rule/add', { approval: question.id, hash: question.hash, effect: 'always', days: 1 });
    assert.deepEqual(
      made.answered.map(({ id, state, answeredBy }) => [id, state, answeredBy]),
      [[question.id, 'allowedOnce', 'cli']],
    );
    assert.match(await ended(sessionId), /It printed/);
    process.kill(backend.owner().pid, 'SIGKILL');
    connection = await backend.connect();
    const again = await ask();
    assert.deepEqual(
      [again.question.state, again.question.answeredBy, again.question.rule],
      ['allowedOnce', `rule:${made.rule.id}`, made.rule.id],
    );
    assert.match(await ended(again.sessionId), /It printed/);
    const [rule] = (await connection.call('rule/list', {})).rules;
    assert.equal(rule?.uses, 1);
    assert.ok((await audited('approval_answered')).includes(`rule:${made.rule.id}`));
  });

  it('that says never denies at once', async () => {
    const { question, sessionId } = await ask();
    await connection.call('rule/add', { approval: question.id, hash: question.hash, effect: 'never' });
    assert.match(await ended(sessionId), /You said no/);
    await setMode('autonomous');
    assert.equal((await ask()).question.state, 'denied');
  });

  it('is not made from a question that looked different', async () => {
    const { question, sessionId } = await ask();
    await assert.rejects(connection.call('rule/add', { approval: question.id, hash: 'h', effect: 'always' }), { code: 'refused' });
    assert.deepEqual((await connection.call('rule/list', {})).rules, []);
    await connection.call('approval/answer', { approval: question.id, hash: question.hash, decision: 'deny' });
    await ended(sessionId);
  });
});

describe('a mode', () => {
  it('restricted denies without asking', async () => {
    await setMode('restricted');
    const { question, sessionId } = await ask();
    assert.deepEqual([question.state, question.answeredBy], ['denied', 'mode:restricted']);
    assert.match(await ended(sessionId), /You said no/);
  });

  it('autonomous allows in a fence, and asks during an incident and without a fence, and says why', {
    skip: !hasBubblewrap() || landlockHere() < 4,
  }, async () => {
    await setMode('autonomous');
    const first = await ask();
    assert.deepEqual([first.question.state, first.question.answeredBy], ['allowedOnce', 'mode:autonomous']);
    await connection.call('incident/begin', { reason: 'a rehearsal' });
    await asksBecause(/incident lasts/);
    await connection.call('incident/end', {});
    await withFence('off', () => asksBecause(/no fence/));
    assert.ok((await audited('agent_mode_changed')).length >= 1);
  });
});

async function asksBecause(why: RegExp): Promise<void> {
  const { question, sessionId } = await ask();
  assert.equal(question.state, 'open');
  assert.match(question.askedBecause ?? '', why);
  await connection.call('approval/answer', { approval: question.id, hash: question.hash, decision: 'deny' });
  await ended(sessionId);
}

async function withFence(sandboxMode: SandboxMode, work: () => Promise<void>): Promise<void> {
  await connection.call('agent/configure', { agent: agent.id, sandboxMode });
  await connection.call('agent/restart', { agent: agent.id });
  await work();
  await connection.call('agent/configure', { agent: agent.id, sandboxMode: null });
}
