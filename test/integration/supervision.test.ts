/** Nothing stops it: what a real backend does when sidecars crash, when it is told to end, and when too many want a turn. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
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

async function view(id = agent.id): Promise<Agent> {
  const { agents } = await connection.call('agent/list', {});
  const found = agents.find((other) => other.id === id);
  assert.ok(found);
  return found;
}

describe('a sidecar that is killed', () => {
  it('comes back by itself, in its session, and health has told of it', long, async () => {
    await connection.call('agent/start', { agent: agent.id });
    const { sessionId } = await view();
    const first = backend.run(agent.id)?.sidecar;
    assert.ok(first);
    const told: string[] = [];
    connection.on('health/changed', ({ health }) => void told.push(health.sidecars[0]?.health.state ?? ''));
    process.kill(first.pid, 'SIGKILL');
    await until(async () => (await view()).state === 'idle' && backend.run(agent.id)?.sidecar?.pid !== first.pid);
    assert.equal((await view()).sessionId, sessionId);
    assert.ok(told.includes('restarting') && told.at(-1) === 'healthy', told.join());
  });

  it('over and over ends as failed, with its last error; prompts wait until a person restarts it', long, async () => {
    await connection.call('settings/put', { values: { 'supervisor.baseDelayMs': 10, 'supervisor.maxAttempts': 2 } });
    await connection.call('agent/stop', { agent: agent.id });
    const outbox = join(backend.dataDir, 'agents', agent.id, 'private', 'outbox.db');
    for (const file of [outbox, `${outbox}-wal`, `${outbox}-shm`]) rmSync(file, { force: true });
    mkdirSync(outbox);
    const { sessionId, queued } = await connection.call('agent/prompt', { agent: agent.id, text: 'help' });
    assert.equal(queued, false);
    await until(async () => (await view()).state === 'failed');
    const failed = await view();
    assert.match(failed.stateDetail, /^Failed after 2 restarts: .*outbox.* \(it ended with code 1\)\. Restart it to try again\.$/);
    assert.equal(failed.queuedPrompts, 1);

    rmSync(outbox, { recursive: true });
    const followed = await Followed.session(connection, sessionId);
    await connection.call('agent/restart', { agent: agent.id });
    await followed.until((items) => items.some((item) => item.kind === 'turnEnd' && item.reason === 'completed'));
    assert.deepEqual((await view()).sidecarHealth, { state: 'healthy' });
    await connection.call('settings/put', { values: { 'supervisor.baseDelayMs': null, 'supervisor.maxAttempts': null } });
  });
});

describe('a backend that is told to end', () => {
  it('ends in order within ten seconds while its agents go on, and the next one has all they did', long, async () => {
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'long' });
    const first = await Followed.session(connection, sessionId);
    await first.until((items) => items.at(-1)?.kind === 'text' && first.text().length > 300);
    const owner = backend.owner();
    const sidecar = backend.run(agent.id)?.sidecar;
    assert.ok(sidecar);
    process.kill(owner.pid, 'SIGTERM');
    await until(() => !isSameProcess(owner), 10_000);
    assert.equal(isSameProcess(sidecar), true);

    connection = await backend.connect();
    const second = await Followed.session(connection, sessionId);
    await second.untilTurnEnds();
    const end = second.ordered().at(-1);
    assert.equal(end?.kind === 'turnEnd' && end.reason, 'completed');
    assert.ok(second.text().startsWith(first.text().slice(0, 300)));
    assert.equal(backend.run(agent.id)?.sidecar?.pid, sidecar.pid);
  });
});

describe('more agents than turns', () => {
  const others: Agent[] = [];
  const states = async () => {
    const { agents } = await connection.call('agent/list', {});
    return agents.map(({ state }) => state);
  };

  before(async () => {
    await connection.call('settings/put', { values: { 'turns.max': 1 } });
    for (const name of ['second', 'third']) {
      const added = { project: 'project', name, provider: 'demo', environment: { AGOR_DEMO_SPEED: '5' } } as const;
      others.push(await connection.call('agent/add', added));
    }
  });

  it('work one after the other, also when the backend is killed in between', long, async () => {
    for (const { id } of [agent, ...others]) await connection.call('agent/prompt', { agent: id, text: 'long' });
    await until(async () => (await states()).join() === 'running,waitingForTurn,waitingForTurn');
    const { turns } = await connection.call('health/get', {});
    assert.deepEqual(turns, { running: 1, waiting: 2, max: 1 });

    process.kill(backend.owner().pid, 'SIGKILL');
    await connection.closed;
    connection = await backend.connect();
    await until(async () => (await view()).runtime !== null);
    assert.equal((await states()).join(), 'running,waitingForTurn,waitingForTurn');
    await connection.call('agent/interrupt', { agent: agent.id });
    await until(async () => (await states()).join() === 'idle,running,waitingForTurn');
    const second = backend.run(others[0]?.id ?? agent.id)?.sidecar;
    assert.ok(second);
    process.kill(second.pid, 'SIGKILL');
    await until(async () => (await states())[2] === 'running');
    await connection.call('settings/put', { values: { 'turns.max': null } });
    for (const { id } of others) await connection.call('agent/stop', { agent: id });
  });
});
