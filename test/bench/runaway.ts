/**
 * Lets agents run away and measures what it takes until they are stopped, by the budgets that everybody has and, in
 * another run, by the loop breaker: a program that speaks ACP, and the real Claude Code against a stand-in of its model
 * whose answers are as large as those of a long session. Prints figures; that each is stopped is all that it demands.
 *   npm run bench:runaway
 */
import { join } from 'node:path';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { amountText, sourceText, spentText } from '../../server/protocol/budget-text.ts';
import { inEnglish } from '../../server/protocol/notice-text.ts';
import type { Input } from '../../server/protocol/requests.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { startModelApi } from '../support/model-api.ts';

const acp = join(import.meta.dirname, '../fixtures/programs/runs-away.mjs');
const longestMs = 15 * 60_000;
const usage = { input_tokens: 500, cache_read_input_tokens: 100_000, cache_creation_input_tokens: 2_000, output_tokens: 300 };

const model = await startModelApi({ usage });
const claude = await claudeProgram();
const backend = await LiveBackend.create();
const connection = await backend.connect();
await connection.call('project/add', { path: backend.project, trusted: true });

type Way = Pick<Input<'agent/add'>, 'name' | 'provider' | 'command' | 'environment' | 'secrets'>;

const acpWay = (name: string): Way => ({ name, provider: 'acp', command: [process.execPath, acp] });
const claudeWay = (name: string): Way => ({
  ...{ name, provider: 'claude', command: [claude] },
  environment: { ANTHROPIC_BASE_URL: model.url },
  secrets: { ANTHROPIC_API_KEY: 'not-a-key' },
});
const file = join(backend.project, 'README.md');

try {
  await run('ACP program, a cost that grows', acpWay('spender'), 'spend');
  await run('ACP program that tells nothing', acpWay('silent'), 'work');
  await run('ACP program, the same call for ever', acpWay('circler'), 'tool');
  await run('Claude Code, another call each time', claudeWay('reader'), `forever read ${file}.$n`);
  await run('Claude Code, the same call for ever', claudeWay('rereader'), `forever read ${file}.missing`);
} finally {
  await backend.close();
  await model.close();
}

async function run(what: string, way: Way, text: string): Promise<void> {
  const agent = await connection.call('agent/add', { project: 'project', sandboxMode: 'off', ...way });
  await connection.call('agent/start', { agent: agent.id });
  const begun = performance.now();
  const asked = model.requests.length;
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text });
  await until(async () => (await now(connection, agent)).state === 'held', longestMs);
  const seconds = (performance.now() - begun) / 1_000;
  const { hold } = await now(connection, agent);
  const { budgets } = await connection.call('budget/list', { agent: agent.id });
  const spent = budgets
    .filter(({ scope }) => scope === 'agent')
    .map((budget) => {
      const source = sourceText(budget.spent, budget.unit, inEnglish);
      return `${spentText(budget.spent, budget.unit, inEnglish)}${source === '' || budget.spent.amount === null ? '' : ` (${source})`}`;
    });
  const calls = (await connection.call('session/list', { agent: agent.id })).sessions.find(({ id }) => id === sessionId)?.itemCount ?? 0;
  const by = hold?.budget
    ? `budget of ${amountText(hold.budget.limit, hold.budget.unit, inEnglish)} for a ${hold.budget.scope}`
    : `loop breaker after ${hold?.times} rounds`;
  process.stdout.write(`${what}\n  stopped by the ${by}, after ${seconds.toFixed(1)} s and ${calls} items`);
  process.stdout.write(
    `${model.requests.length > asked ? `, ${model.requests.length - asked} answers of the model` : ''}: ${spent.join(', ')}\n`,
  );
}

async function now(asked: Connection, { id }: Agent): Promise<Agent> {
  const found = (await asked.call('agent/list', {})).agents.find((agent) => agent.id === id);
  if (!found) throw new Error('The agent is gone.');
  return found;
}
