/** `agor prices`: what models cost, where their agent does not say. */
import type { Command } from 'commander';
import type { ModelPrice, PriceReport } from '../../protocol/prices.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';

const help = `
In US dollars for a million tokens. Agents that tell tokens and no cost (Codex) are priced by this table; a model that is
not in it costs "unknown", and never a guess. Your own prices go into prices.json, which wins over the table that comes
along, whole or not at all: a file with an error leaves in force what was. The backend never writes it.

  { "version": 1, "dated": "2026-11-20", "models": {
      "my-model": { "input": 2, "cachedInput": 0.2, "cacheWrite": 2.5, "output": 10 } } }

Examples:
  agor prices
  $EDITOR "$(agor prices path)"`;

export function addPriceCommands(program: Command): void {
  const prices = program
    .command('prices')
    .summary('what models cost')
    .description('Lists what models cost, where their agent does not say, and whether prices.json is in force.')
    .addHelpText('after', help)
    .action(run(list));
  prices.command('path').summary('print where prices.json is').description('Prints where prices.json is.').action(run(printPath));
}

async function list(invocation: Invocation): Promise<Outcome> {
  const report = await (await invocation.backend()).call('price/list', {});
  return { json: report, lines: () => reportLines(report), ...(report.isInForce ? {} : { exitCode: exitCode.refused }) };
}

async function printPath(invocation: Invocation): Promise<Outcome> {
  const { path } = await (await invocation.backend()).call('price/list', {});
  return { json: { path }, lines: () => [oneLine(path, 4096)] };
}

function reportLines(report: PriceReport): string[] {
  const problems = report.problems.map(({ line, column, message }) => `${report.path}:${line + 1}:${column + 1}: error: ${message}`);
  const heads = ['MODEL', 'INPUT', 'CACHED', 'CACHE WRITE', 'OUTPUT', 'DATED', 'FROM'];
  return [...[stateText(report), ...problems].map((line) => oneLine(line, 5000)), ...table(heads, report.prices.map(rowOf))];
}

function stateText({ path, exists, isInForce }: PriceReport): string {
  if (!exists) return `There is no ${path}; these are the prices that come along.`;
  return isInForce ? `${path} is in force.` : `${path} cannot be used; what was in force before stays.`;
}

function rowOf({ model, input, cachedInput, cacheWrite, output, dated, own }: ModelPrice): string[] {
  const amounts = [input, cachedInput, cacheWrite, output].map((usd) => (usd === null ? '-' : `$${usd}`));
  return [oneLine(model, 60), ...amounts, dated, own ? 'prices.json' : 'built in'];
}
