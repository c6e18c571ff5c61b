/** A file that an agent wrote and that somebody who is no agent changes: found, told, settled; with a real backend. */
import assert from 'node:assert/strict';
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { slackMs } from '../../server/agents/tool-times.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

const long = { timeout: 90_000 };

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;
let file: string;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection);
  file = join(backend.project, 'agor-demo.md');
});
after(() => backend.close());

async function agentEdits(): Promise<void> {
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'edit' });
  const followed = await Followed.session(connection, sessionId);
  await until(async () => (await connection.call('approval/list', {})).approvals.length > 0);
  const [approval] = (await connection.call('approval/list', {})).approvals;
  assert.ok(approval);
  await connection.call('approval/answer', { approval: approval.id, decision: 'allowOnce', hash: approval.hash });
  await followed.untilTurnEnds();
  await connection.call('session/unwatch', { session: sessionId });
}

const list = () => connection.call('conflict/list', { agent: agent.id });

async function attention() {
  const { teammates } = await connection.call('team/list', {});
  return teammates.find(({ agentId }) => agentId === agent.id)?.attention;
}

test(
  'what the agent alone writes is no conflict; what somebody else adds to it is found by itself, and told with its reason',
  long,
  async () => {
    await agentEdits();
    assert.equal((await list()).total, 0);
    // A change that follows the agent's own at once cannot be told from it by the file alone.
    const writtenAt = statSync(file).mtimeMs;
    await until(() => Date.now() > writtenAt + 2 * slackMs);
    appendFileSync(file, '- by somebody else\n');
    await until(async () => (await list()).total > 0);
    const { conflicts } = await list();
    assert.deepEqual(
      conflicts.map(({ path, otherAgents, isWrittenOver }) => [path, otherAgents, isWrittenOver]),
      [[file, [], false]],
    );
    await until(async () => (await attention())?.signal === 'conflict');
    assert.equal((await attention())?.score, 70);
    const { projects } = await connection.call('metrics/live', {});
    assert.deepEqual(
      projects.map(({ worstAgentId, vitals, attention: { signal } }) => [worstAgentId, vitals.fileConflicts, signal]),
      [[agent.id, 1, 'conflict']],
    );
  },
);

test('the agent that writes over it is told of as such, and what a person has seen to is over', long, async () => {
  await agentEdits();
  assert.equal((await list()).conflicts[0]?.isWrittenOver, true);
  assert.deepEqual(await connection.call('conflict/settle', { agent: agent.id, path: file }), { settled: 1 });
  await until(async () => (await attention())?.score === 0);
  assert.deepEqual(await list(), { conflicts: [], total: 0 });
});

test('a file that the person saves in a window counts at once', long, async () => {
  await agentEdits();
  appendFileSync(file, '- by the person\n');
  await connection.call('file/saved', { paths: [file, join(backend.project, 'README.md')] });
  await until(async () => (await list()).total === 1);
  await assert.rejects(connection.call('file/saved', { paths: [''] }), /paths/);
});
