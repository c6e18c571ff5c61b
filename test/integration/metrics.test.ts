/** What a real backend keeps of its sessions, however their work ends, and tells of the fleet and of its own folder. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { MeasuredSession } from '../../server/protocol/metrics.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

const long = { timeout: 90_000 };

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection, '5');
});
after(() => backend.close());

/** A session of its own, whose turn has begun. */
async function begin(text: string): Promise<{ readonly sessionId: string; readonly followed: Followed }> {
  await connection.call('session/create', { agent: agent.id });
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text });
  const followed = await Followed.session(connection, sessionId);
  await followed.until((items) => items.some(({ kind }) => kind === 'text'));
  return { sessionId, followed };
}

async function measured(): Promise<MeasuredSession[]> {
  return (await connection.call('metrics/history', { project: 'project' })).sessions;
}

test('a session that completes, one that crashes and one that is stopped each have one row', long, async () => {
  const completed = await begin('tools');
  await completed.followed.untilTurnEnds();
  const crashed = await begin('crash');
  await crashed.followed.untilTurnEnds();
  const stopped = await begin('slow');
  await connection.call('agent/stop', { agent: agent.id });
  await stopped.followed.untilTurnEnds();
  const rows = await measured();
  assert.deepEqual(
    rows.map(({ sessionId, status, turnCount, agentName }) => ({ sessionId, status, turnCount, agentName })),
    [
      { sessionId: stopped.sessionId, status: 'stopped', turnCount: 1, agentName: 'demo' },
      { sessionId: crashed.sessionId, status: 'error', turnCount: 1, agentName: 'demo' },
      { sessionId: completed.sessionId, status: 'success', turnCount: 1, agentName: 'demo' },
    ],
  );
  const [, error, success] = rows;
  assert.match(error?.errorMessage ?? '', /exit code 1/);
  assert.equal(success?.title, 'tools');
  assert.ok(success.toolCallCount > 0 && success.endTime >= success.startTime);
});

test('a backend that is killed in the middle of a turn doubles no row, and the next one measures how it ended', long, async () => {
  const before = (await measured()).length;
  const { sessionId } = await begin('slow');
  const owner = backend.owner();
  process.kill(owner.pid, 'SIGKILL');
  await until(() => !isSameProcess(owner));
  connection = await backend.connect();
  // Its sidecar finds the new backend after a moment.
  const interrupt = () => connection.call('agent/interrupt', { agent: agent.id });
  await until(() =>
    interrupt().then(
      () => true,
      () => false,
    ),
  );
  await until(async () => (await measured()).length > before);
  const rows = await measured();
  assert.deepEqual(
    rows.filter((row) => row.sessionId === sessionId).map(({ status, turnCount }) => [status, turnCount]),
    [['stopped', 1]],
  );
  assert.equal(rows.length, before + 1);
});

test('the fleet and the data directory are told as they are', long, async () => {
  const live = await connection.call('metrics/live', {});
  assert.deepEqual(
    live.projects.map(({ name, agents }) => [name, agents.map((member) => member.name)]),
    [['project', ['demo']]],
  );
  const { parts, dataDir } = await connection.call('metrics/storage', {});
  assert.equal(dataDir, backend.dataDir);
  const database = parts.find(({ name }) => name === 'sessions.db');
  assert.ok(database && database.bytes > 0 && database.level === 'fine');
  assert.ok(parts.some(({ kind, name }) => kind === 'wal' && name === 'sessions.db-wal'));
});
