/** `agor budget`: what agents may spend, and what they have spent. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Budget, BudgetScope, BudgetUnit, Limit } from '../../protocol/budget.ts';
import { TokenLimit, UsdLimit } from '../../protocol/budget.ts';
import type { Raise } from '../../protocol/budget-requests.ts';
import { AgorError } from '../../protocol/errors.ts';
import { budgetLines, holdLine } from '../budget-text.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

type TargetOptions = { readonly agent?: string; readonly turnOf?: string; readonly project?: string; readonly all?: true };
type SetOptions = TargetOptions & { readonly usd?: Limit; readonly tokens?: Limit };
type RaiseOptions = { readonly forGood?: true; readonly noneToday?: true };

const help = `
An agent, a project and all agents together have a budget for each day, from midnight to midnight where the backend runs,
and each turn has one. At 80 % you are warned; at 100 % the turn is ended, its session stays usable, and what waits goes on
when you raise the budget, or on the next day. Tokens bound those who pay by subscription, whose cost nobody tells; a token
that is read from a cache counts a tenth. Each amount names who says so: the agent (its program), a price table ("agor
prices"), an estimate (of what its program has not told yet), or unknown, which is never 0.

What all agents may spend is set with "agor config set budget.agentUsdPerDay 20" and the like; "none" is no limit, 0 is not.

Examples:
  agor budget show
  agor budget show builder
  agor budget set --agent builder --usd 20 --tokens none
  agor budget raise builder
  agor budget clear --agent builder`;

export function addBudgetCommands(program: Command): void {
  const budget = group(program, { name: 'budget', description: 'What agents may spend, and what they have spent.' });
  budget.addHelpText('after', help);
  budget
    .command('show [agent]')
    .summary('show what was spent of what')
    .description('Shows the budgets of all, of each project and agent, and of the turns that run; or those that bound one agent.')
    .action(run(show));
  targeted(budget.command('set'))
    .summary('set a limit')
    .description('Sets a limit of an agent, its turns, a project, or all agents together, from now on.')
    .option('--usd <amount>', 'in US dollars, or none', limit('usd'))
    .option('--tokens <count>', 'in tokens, or none', limit('tokens'))
    .action(run(set));
  targeted(budget.command('clear'))
    .summary('go back to what the settings say')
    .description('Takes back the limits of an agent, its turns, a project, or all agents together: the settings count again.')
    .action(run(clear));
  budget
    .command('raise <agent>')
    .summary('raise what holds an agent, which then goes on')
    .description('Raises every budget that holds an agent by half, for today. What waited goes on.')
    .addOption(new Option('--for-good', 'by half, from now on').conflicts('noneToday'))
    .option('--none-today', 'no limit for the rest of the day')
    .action(run(raise));
}

function targeted(command: Command): Command {
  return command
    .addOption(new Option('--agent <agent>', "of an agent's day").conflicts(['turnOf', 'project', 'all']))
    .addOption(new Option('--turn-of <agent>', "of each of an agent's turns").conflicts(['project', 'all']))
    .addOption(new Option('--project <project>', "of a project's day").conflicts('all'))
    .option('--all', 'of the day of all agents together');
}

async function show(invocation: Invocation, agent: string | undefined): Promise<Outcome> {
  const answer = await (await invocation.backend()).call('budget/list', agent === undefined ? {} : { agent });
  const { day, budgets, holds } = answer;
  const names = new Map(budgets.map(({ agentId, name }) => [agentId, name]));
  const held = holds.map(({ agentId, hold }) => holdLine(names.get(agentId) ?? agentId, hold));
  return { json: answer, lines: () => [...held, `Of ${day}:`, ...budgetLines(budgets)] };
}

async function set(invocation: Invocation, { usd, tokens, ...target }: SetOptions): Promise<Outcome> {
  return change(invocation, target, { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) });
}

async function clear(invocation: Invocation, target: TargetOptions): Promise<Outcome> {
  return change(invocation, target, { usd: null, tokens: null });
}

type Amounts = { readonly [U in BudgetUnit]?: Limit | null };

async function change(invocation: Invocation, target: TargetOptions, amounts: Amounts): Promise<Outcome> {
  const { scope, of } = targetOf(target);
  const answer = await (await invocation.backend()).call('budget/set', { scope, ...(of !== undefined && { of }), ...amounts });
  return { json: answer, lines: () => budgetLines(answer.budgets.filter((budget) => isShown(budget, scope))) };
}

function isShown(budget: Budget, scope: BudgetScope): boolean {
  return budget.scope === scope || scope === 'turn';
}

async function raise(invocation: Invocation, agent: string, { forGood, noneToday }: RaiseOptions): Promise<Outcome> {
  const how: Raise = forGood ? 'halfForGood' : noneToday ? 'noneToday' : 'halfToday';
  const answer = await (await invocation.backend()).call('budget/raise', { agent, how });
  return { json: answer, lines: () => budgetLines(answer.budgets) };
}

function targetOf({ agent, turnOf, project, all }: TargetOptions): { readonly scope: BudgetScope; readonly of?: string } {
  if (agent !== undefined) return { scope: 'agent', of: agent };
  if (turnOf !== undefined) return { scope: 'turn', of: turnOf };
  if (project !== undefined) return { scope: 'project', of: project };
  if (all) return { scope: 'total' };
  throw new AgorError('badRequest', 'Say whose limit is meant: --agent, --turn-of, --project or --all.');
}

function limit(unit: BudgetUnit): (text: string) => Limit {
  return (text) => {
    const schema = unit === 'usd' ? UsdLimit : TokenLimit;
    const { data, error } = schema.safeParse(text === 'none' ? text : Number(text));
    if (data === undefined) throw new InvalidArgumentError(error?.issues[0]?.message ?? 'a number or none is expected');
    return data;
  };
}
