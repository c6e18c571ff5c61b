/** Events that the backend refuses, from the agent's file through sidecar and backend to the command line, and back. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { agentFolders } from '../../server/agents/run-files.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { newId } from '../../server/base/uuid.ts';
import { Agent } from '../../server/protocol/agent.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { SessionId } from '../../server/protocol/ids.ts';
import { OutboxReport, PoisonedEvent } from '../../server/protocol/outbox.ts';
import { requests } from '../../server/protocol/requests.ts';
import { openOutbox, outboxPath } from '../../server/sidecar/outbox-file.ts';
import { until } from '../support/live-backend.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
let agent: Agent;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']);
  agent = Agent.parse(await home.json(['agent', 'start', 'demo']));
});
after(() => home.close());

function report(): Promise<OutboxReport> {
  return home.json(['outbox', 'list', 'demo']).then((json) => OutboxReport.parse(json));
}

async function poisonedEvents(): Promise<number> {
  const { agents } = requests['agent/list'].result.parse(await home.json(['agent', 'list']));
  return agents[0]?.poisonedEvents ?? -1;
}

/** As a sidecar of a later version would have left it. */
async function leaveEvents(...events: unknown[]): Promise<SessionId> {
  await home.json(['agent', 'stop', 'demo']);
  const outbox = openOutbox(outboxPath(agentFolders(dataPaths(home.dataDir).agents, agent.id).privateDir));
  // An agent that has said nothing yet has no session.
  const sessionId = agent.sessionId ?? newId<SessionId>();
  // What this version does not know is no `AgentEvent` to it.
  await Promise.all(events.map((event) => outbox.append({ at: 1, sessionId, event: event as AgentEvent })));
  outbox.close();
  return sessionId;
}

test('an agent whose events were all taken has none waiting', async () => {
  const { code, stdout } = await home.run(['outbox', 'list', 'demo']);
  assert.deepEqual([code, stdout], [0, 'Nothing of demo waits for the backend; no event was refused.\n']);
  assert.equal((await home.run(['outbox', 'requeue', 'demo'])).stdout, 'demo has no refused events that can be sent again.\n');
});

test('an event of a kind that the backend does not know is set aside by the sidecar, and what comes after it arrives', async () => {
  const said = `said at ${newId<string>()}`;
  const sessionId = await leaveEvents({ type: 'danced', how: 'well \u001b[31m' }, { type: 'notice', level: 'info', text: said });
  agent = Agent.parse(await home.json(['agent', 'start', 'demo']));
  await until(async () => (await poisonedEvents()) === 1);
  assert.match((await home.run(['session', 'show', sessionId])).stdout, new RegExp(said));
  const { pending, poisoned } = await report();
  assert.equal(pending, 0);
  assert.deepEqual(
    poisoned.map(({ kind, reason, attempts, occurredAt }) => ({ kind, reason, attempts, occurredAt })),
    [{ kind: 'danced', reason: 'unsupported', attempts: 0, occurredAt: 1 }],
  );
  const { stdout } = await home.run(['outbox', 'list', 'demo']);
  assert.match(stdout, /refused and set aside: 1 event\.\nKEY .*\n[0-9a-f]{8} {2}danced +1970-01-01 +0 +unsupported/);
});

test('requeued, it is refused once more by the same backend, and still there', async () => {
  const [event] = (await report()).poisoned;
  assert.ok(event);
  assert.deepEqual(await home.json(['outbox', 'requeue', 'demo', event.key.slice(-8)]), { requeued: 1 });
  await until(async () => (await report()).poisoned.some(({ seq }) => seq > event.seq));
  const again = (await report()).poisoned;
  assert.deepEqual(
    again.map(({ key }) => key),
    [event.key],
  );
  const unknown = await home.run(['outbox', 'requeue', 'demo', 'ffffffff']);
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'error: There is no event "ffffffff".\n']);
});

test('without its sidecar, too, it can be seen, requeued and exported, once to each file', async () => {
  await home.json(['agent', 'stop', 'demo']);
  assert.equal((await report()).poisonedCount, 1);
  assert.deepEqual(await home.json(['outbox', 'requeue', 'demo']), { requeued: 1 });
  assert.equal((await report()).poisonedCount, 1);
  assert.equal(await poisonedEvents(), 1);
  const path = join(home.project, 'events.jsonl');
  const first = await home.run(['outbox', 'export', 'demo', '--out', 'events.jsonl']);
  assert.deepEqual([first.code, first.stdout], [0, `${path} holds 1 event now.\n`]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { payload } = PoisonedEvent.parse(JSON.parse(readFileSync(path, 'utf8')));
  assert.deepEqual(JSON.parse(payload), { type: 'danced', how: 'well \u001b[31m' });
  const second = await home.run(['outbox', 'export', 'demo', '--out', 'events.jsonl']);
  assert.deepEqual([second.code, second.stderr], [1, `error: ${path} is there already. Choose another file.\n`]);
  assert.equal((await home.run(['outbox', 'export', 'demo'])).stdout, readFileSync(path, 'utf8'));
});

test('the next backend knows of it although nothing of the agent runs', async () => {
  await home.run(['backend', 'stop']);
  await until(async () => (await poisonedEvents()) === 1);
});

test('a damaged file is kept aside when the agent is started next, and the chat says so', async () => {
  await home.json(['agent', 'stop', 'demo']);
  const { privateDir } = agentFolders(dataPaths(home.dataDir).agents, agent.id);
  writeFileSync(outboxPath(privateDir), 'this is no database, and it never was one'.repeat(100));
  const shown = await home.run(['outbox', 'list', 'demo']);
  assert.match(shown.stderr, /outbox\.db is damaged or is no database\. The agent's next start keeps it aside/);
  assert.equal((await home.run(['agent', 'prompt', 'demo', 'hello', '--wait'])).code, 0);
  assert.match((await home.run(['session', 'show'])).stdout, /was damaged\. Events that waited in it are missing here\./);
  assert.equal(readdirSync(join(privateDir, 'quarantine')).length, 1);
  assert.equal((await report()).poisonedCount, 0);
});
