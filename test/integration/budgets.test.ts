/** Budgets and the loop breaker around a program that never ends a turn by itself, with real backends and sidecars. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Budget } from '../../server/protocol/budget.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

const long = { timeout: 120_000 };
const program = join(import.meta.dirname, '../fixtures/programs/runs-away.mjs');

let backend: LiveBackend;
let connection: Connection;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  await connection.call('project/add', { path: backend.project, trusted: true });
});
after(() => backend.close());

function add(name: string): Promise<Agent> {
  return connection.call('agent/add', {
    project: 'project',
    name,
    provider: 'acp',
    command: [process.execPath, program],
    sandboxMode: 'off',
  });
}

async function now({ id }: Agent): Promise<Agent> {
  const found = (await connection.call('agent/list', {})).agents.find((agent) => agent.id === id);
  assert.ok(found);
  return found;
}

async function spent({ id }: Agent, scope: Budget['scope'], unit: Budget['unit']): Promise<Budget> {
  const { budgets } = await connection.call('budget/list', { agent: id });
  const found = budgets.find((budget) => budget.scope === scope && budget.unit === unit);
  assert.ok(found);
  return found;
}

async function say(agent: Agent, text: string): Promise<Followed> {
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text });
  return Followed.session(connection, sessionId);
}

async function held(agent: Agent): Promise<Agent> {
  await until(async () => (await now(agent)).state === 'held', 20_000);
  return now(agent);
}

test('an agent whose cost grows is stopped by the budget that everybody has, and its session goes on once it is raised', long, async () => {
  const agent = await add('spender');
  const followed = await say(agent, 'spend');
  await followed.untilTurnEnds();
  const { hold, stateDetail } = await held(agent);
  assert.deepEqual([hold?.kind, hold?.budget?.scope, hold?.budget?.unit, hold?.budget?.limit], ['budget', 'turn', 'usd', 5]);
  assert.match(stateDetail, /^Paused by budget: 5\.\d\d USD of 5\.00 USD \(agent\) for this turn\.$/);
  const end = followed.ordered().findLast(({ kind }) => kind === 'turnEnd');
  assert.equal(end?.kind === 'turnEnd' && end.reason, 'interrupted');
  await connection.call('agent/prompt', { agent: agent.id, text: 'hello' });
  assert.match((await now(agent)).stateDetail, /1 prompt waits\.$/);
  await connection.call('budget/raise', { agent: agent.id, how: 'halfToday' });
  await followed.until(() => followed.text().includes('Done: hello'));
  await until(async () => (await now(agent)).state === 'idle');
});

test('a program that tells nothing is bounded by an estimate, which is named as one', long, async () => {
  const agent = await add('silent');
  const followed = await say(agent, 'work');
  await followed.untilTurnEnds();
  const { hold } = await held(agent);
  assert.deepEqual(
    [hold?.budget?.scope, hold?.budget?.unit, hold?.budget?.spent.parts.map(({ by }) => by)],
    ['turn', 'tokens', ['estimate']],
  );
  const cost = await spent(agent, 'agent', 'usd');
  assert.equal(cost.spent.amount, null, 'unknown is not 0');
  assert.ok(cost.spent.unknownTokens > 2_500_000);
});

test('the same call with the same result is stopped by the loop breaker, and goes on when it is resumed', long, async () => {
  const agent = await add('circler');
  const followed = await say(agent, 'tool');
  await followed.untilTurnEnds();
  const { hold } = await held(agent);
  assert.equal(hold?.kind, 'loop');
  assert.ok(hold.calls[0]?.includes('look at same.txt'), hold.text);
  await connection.call('agent/prompt', { agent: agent.id, text: 'hello' });
  await connection.call('agent/resume', { agent: agent.id });
  await followed.until(() => followed.text().includes('Done: hello'));
  const { notices } = await connection.call('notice/list', {});
  assert.ok(notices.some(({ title }) => title === 'circler went round in circles and was stopped'));
});

test('what was spent and what holds an agent are the same after a backend was killed', long, async () => {
  const agent = await add('survivor');
  await connection.call('budget/set', { scope: 'agent', of: agent.id, usd: 1 });
  const followed = await say(agent, 'spend');
  await followed.untilTurnEnds();
  const before = await held(agent);
  const cost = await spent(agent, 'agent', 'usd');
  const owner = backend.owner();
  process.kill(owner.pid, 'SIGKILL');
  await until(() => !isSameProcess(owner));
  connection = await backend.connect();
  const after = await held(agent);
  assert.deepEqual([after.hold?.kind, after.hold?.budget], [before.hold?.kind, before.hold?.budget]);
  assert.deepEqual(await spent(agent, 'agent', 'usd'), cost);
});
