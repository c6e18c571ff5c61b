import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { AgentsWorld } from '../../support/agents-world.ts';
import { settled } from '../../support/worker-world.ts';

let world: AgentsWorld;

beforeEach(() => {
  world = new AgentsWorld();
});
afterEach(() => world.remove());

const uses = (secret: string) => ({ secretUses: [{ variable: 'KEY', secret }] });

/** It was asked to start, and waits. */
async function waiting(name: string, fields: object): Promise<AgentId> {
  const id = world.addAgent(name, fields);
  await assert.rejects(world.feature.agents.start(id, undefined), { code: 'needsCredentials' });
  assert.equal(world.view(id).state, 'waitingForCredentials');
  return id;
}

function secretsGiven(): object[] {
  return world.asked.flatMap(({ method, params }) =>
    method === 'run/open' && typeof params === 'object' && params && 'secrets' in params ? [params.secrets as object] : [],
  );
}

test('when a secret comes, whoever waited for it starts, and nobody else does', async () => {
  const [first, second, other] = [await waiting('a', uses('one')), await waiting('b', uses('one')), await waiting('c', uses('two'))];
  const [stopped, never] = [await waiting('d', uses('one')), world.addAgent('e', uses('one'))];
  await world.feature.agents.stop(stopped);
  world.secrets = { one: 's' };
  world.feature.agents.useSecret('one');
  await settled();
  assert.deepEqual(
    [first, second, other, stopped, never].map((id) => world.view(id).state),
    ['idle', 'idle', 'waitingForCredentials', 'stopped', 'stopped'],
  );
  assert.deepEqual(secretsGiven(), [{ KEY: 's' }, { KEY: 's' }]);
});

test('an agent that waits for its environment is not started by a window that comes', async () => {
  const id = world.addAgent('env', { secrets: { KEY: 's' } });
  await world.feature.agents.start(id, undefined);
  await world.nextBackend();
  await world.feature.agents.stop(id);
  await assert.rejects(world.feature.agents.start(id, undefined), { code: 'needsCredentials' });
  world.feature.agents.startWaiting();
  await settled();
  assert.equal(world.view(id).state, 'waitingForCredentials');
});

test('configured for its program’s own login, an agent that waited starts, and has no key any more', async () => {
  const id = await waiting('a', uses('one'));
  const agent = world.feature.agents.configure({ agent: id, secretUses: [] }, 'cli');
  assert.deepEqual([agent.credentials, agent.secrets], ['login', []]);
  await settled();
  assert.equal(world.view(id).state, 'idle');
  assert.deepEqual(secretsGiven(), [{}]);
});

test('configured for a named secret, it no longer uses what its environment gave', async () => {
  const id = world.addAgent('env', { secrets: { KEY: 'of the environment' } });
  world.feature.agents.configure({ agent: id, ...uses('one') }, 'cli');
  await assert.rejects(world.feature.agents.start(id, undefined), { code: 'needsCredentials' });
  world.secrets = { one: 's' };
  await world.feature.agents.start(id, undefined);
  assert.deepEqual(secretsGiven(), [{ KEY: 's' }]);
});

test('the audit trail names the secrets that an agent uses, and no value', async () => {
  world.secrets = { one: 'sk-canary' };
  const id = world.addAgent('a');
  world.feature.agents.configure({ agent: id, ...uses('one') }, 'cli');
  await world.feature.agents.start(id, undefined);
  const rows = world.kept.stores.btmsg.db.prepare<[], string>('select detail from audit_log order by seq').pluck().all().join('\n');
  assert.match(rows, /"secretUses":\[\{"variable":"KEY","secret":"one"\}\]/);
  assert.doesNotMatch(rows, /canary/);
});
