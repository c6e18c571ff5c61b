/** `agor wake`: when managers were woken, and why. */
import type { Command } from 'commander';
import type { Agent } from '../../protocol/agent.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Wake } from '../../protocol/wake.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import { wholeNumber } from './whole-number.ts';

type Place = { readonly project?: string };
type ListOptions = Place & { readonly limit: number };

const help = `
A manager with a wake strategy is woken by the schedule: "persistent" goes on in its session at every interval, unless it
works anyway; "on-demand" begins a fresh session at every interval; "smart" does so only when the score of the signals
reaches its threshold and there is something that it was not told before.

Examples:
  agor wake list                         of all managers, the newest first
  agor wake list lead --limit 5
  agor wake now lead                     at once, whatever the score`;

export function addWakeCommands(program: Command): void {
  const wake = group(program, { name: 'wake', description: 'When managers were woken by the schedule, and why.' });
  wake.addHelpText('after', help);
  wake
    .command('list')
    .summary('list the wakes, newest first')
    .description('Lists the wakes, newest first, with their score and the signals that were on.')
    .argument('[agent]', 'name or id; without it, those of all agents')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .option('-n, --limit <count>', 'how many', wholeNumber, 20)
    .action(run(list));
  wake
    .command('now')
    .summary('wake an agent at once')
    .description('Wakes an agent at once, with the state of its team. One that it has not begun yet is not doubled.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(wakeNow));
}

async function list(invocation: Invocation, typed: string | undefined, { limit, ...place }: ListOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const { agents } = await backend.call('agent/list', {});
  const agent = typed === undefined ? {} : { agent: (await findAgent(invocation, typed, place)).id };
  const { wakes } = await backend.call('wake/list', { ...agent, limit });
  return { json: { wakes }, lines: () => wakeLines(wakes, agents, invocation.now) };
}

/** What agents named themselves is made printable; the rest are words of our own. */
export function wakeLines(wakes: readonly Wake[], agents: readonly Pick<Agent, 'id' | 'name'>[], now: number): string[] {
  if (wakes.length === 0) return ['Nobody was woken yet. Managers with a wake strategy are, by the schedule.'];
  const names = new Map<string, string>(agents.map(({ id, name }) => [id, oneLine(name, 40)]));
  const rows = wakes.map((wake) => [
    shortId(wake.id),
    names.get(wake.agentId) ?? shortId(wake.agentId),
    agoText(wake.decidedAt, now),
    wake.strategy,
    wake.state,
    wake.cause,
    wake.score.toFixed(1),
    wake.signals.map(({ name }) => name).join(', '),
  ]);
  return table(['ID', 'AGENT', 'DECIDED', 'STRATEGY', 'STATE', 'CAUSE', 'SCORE', 'SIGNALS'], rows);
}

async function wakeNow(invocation: Invocation, typed: string, place: Place): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, place);
  const backend = await invocation.backend();
  const wake = await backend.call('wake/now', { agent: id });
  const who = oneLine(name, 40);
  const said = wake.cause === 'person' ? 'is woken' : 'was woken by the schedule before';
  return { json: wake, lines: () => [`${who} ${said}, and begins as soon as it can. "agor wake list" shows what becomes of it.`] };
}
