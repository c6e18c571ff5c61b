/** Incident mode around real programs in real fences, and capabilities at the doors they call. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Item } from '../../server/protocol/session.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { hasBubblewrap, landlockHere } from '../support/sandbox-world.ts';

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;

async function open(speed = '0'): Promise<void> {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection, speed);
}

async function now(): Promise<Agent> {
  const { agents } = await connection.call('agent/list', {});
  const found = agents.find(({ id }) => id === agent.id);
  assert.ok(found);
  return found;
}

/** Resolves with what the agent said in that turn; permissions are given. */
async function turn(text: string): Promise<string> {
  const { sessionId, promptId } = await connection.call('agent/prompt', { agent: agent.id, text });
  let items: Item[] = [];
  await until(async () => {
    const { approvals } = await connection.call('approval/list', {});
    for (const { id, hash } of approvals) await connection.call('approval/answer', { approval: id, decision: 'allowOnce', hash });
    ({ items } = await connection.call('session/items', { session: sessionId }));
    const turnId = items.find((item) => item.kind === 'prompt' && item.promptId === promptId)?.turnId ?? null;
    items = items.filter((item) => turnId !== null && item.turnId === turnId);
    return items.some(({ kind }) => kind === 'turnEnd');
  }, 60_000);
  return JSON.stringify(items);
}

const written = () => existsSync(join(backend.project, 'agor-demo.md'));

describe('incident mode', { skip: !hasBubblewrap() || landlockHere() < 4 }, () => {
  before(() => open('1'));
  after(() => backend.close());

  it('ends what runs, lets what waits go on, and then nothing can be written in the project', async () => {
    await connection.call('agent/prompt', { agent: agent.id, text: 'slow' });
    await until(async () => (await now()).state === 'running');
    const wide = backend.run(agent.id);
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'help' });
    const begun = await connection.call('incident/begin', { forMinutes: 30, reason: 'a rehearsal' });
    assert.deepEqual([begun.ended, begun.notEnded, begun.incident.reason], [1, [], 'a rehearsal']);
    await until(async () => {
      const { items } = await connection.call('session/items', { session: sessionId });
      return JSON.stringify(items).includes('What I understand');
    });
    const narrow = backend.run(agent.id);
    assert.ok(wide && narrow && narrow.runId !== wide.runId);
    assert.deepEqual([wide.sandbox?.isTightened, narrow.sandbox?.isTightened, narrow.sandbox?.mode], [undefined, true, 'required']);
    assert.match(await turn('edit'), /I could not write it: .*(EROFS|EACCES)/);
    assert.equal(written(), false);
  });

  it('is shown in the health, and proven where the sandbox is explained', async () => {
    const { incident } = await connection.call('health/get', {});
    assert.equal(incident?.reason, 'a rehearsal');
    const explained = await connection.call('sandbox/explain', { agent: agent.id });
    assert.deepEqual(explained.incident, incident);
    const proof = explained.proofs.find(({ tried }) => tried === 'write the project');
    assert.deepEqual([proof?.expected, proof?.held], ['denied', true]);
    assert.deepEqual([explained.state.files, explained.state.network], ['full', 'ports']);
    assert.ok(!explained.paths.some(({ access, path }) => access === 'write' && path.startsWith(backend.project)));
  });

  it('goes on in the next backend, which ends no program that is in a narrow fence already', async () => {
    const narrow = backend.run(agent.id);
    const { pid } = backend.owner();
    process.kill(pid, 'SIGKILL');
    await until(() => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
    connection = await backend.connect();
    assert.equal((await connection.call('incident/show', {})).incident?.reason, 'a rehearsal');
    await until(async () => (await now()).state === 'idle');
    assert.equal(backend.run(agent.id)?.runId, narrow?.runId);
    assert.match(await turn('edit'), /I could not write it/);
  });

  it('is over when it is ended, and an agent that is started again writes as before', async () => {
    assert.deepEqual(await connection.call('incident/end', {}), { wasOn: true });
    assert.equal((await connection.call('health/get', {})).incident, null);
    assert.match(await turn('edit'), /I could not write it/, 'its own fence comes with its next start');
    await connection.call('agent/restart', { agent: agent.id });
    assert.match(await turn('edit'), /Done: /);
    assert.equal(written(), true);
    const { records } = await connection.call('audit/list', { events: ['incident_begun', 'incident_ended'] });
    assert.deepEqual(
      records.map(({ event, actor }) => [event, actor]),
      [
        ['incident_ended', 'cli'],
        ['incident_begun', 'cli'],
      ],
    );
  });
});

describe('a capability that a person has revoked', () => {
  before(() => open());
  after(() => backend.close());

  it('is refused at the very next call of an agent that runs, with its name, and the audit log shows the try', async () => {
    assert.match(await turn('tell person all is well'), /It is sent as/);
    await connection.call('capability/revoke', { agent: agent.id, capabilities: ['send-messages'], reason: 'a rehearsal' });
    assert.match(await turn('tell person once more'), /The person has revoked .{1,3}send-messages/);
    const { records } = await connection.call('audit/list', { events: ['capability_refused'] });
    assert.deepEqual(records[0]?.detail, { capability: 'send-messages', method: 'message/send', refusedBefore: 0 });
    await connection.call('capability/grant', { agent: agent.id, capabilities: ['send-messages'] });
    assert.match(await turn('tell person again'), /It is sent as/);
  });

  it('holds its mail back until it is granted again', async () => {
    await connection.call('capability/revoke', { agent: agent.id, capabilities: ['read-mail'] });
    assert.match(await turn('inbox'), /The person has revoked .{1,3}read-mail/);
    const { message } = await connection.call('message/send', { to: 'demo', text: 'help' });
    const state = async () => (await connection.call('message/read', { message: message.id })).deliveries[0]?.state;
    assert.equal(await state(), 'queued');
    await turn('tasks');
    assert.equal(await state(), 'queued');
    await connection.call('capability/grant', { agent: agent.id, capabilities: ['read-mail'] });
    await until(async () => ['seen', 'answered'].includes((await state()) ?? ''));
  });
});
