/** `agor worktree conflicts`, `lease` and `leases`: who works on the same files. */
import { type Command, InvalidArgumentError } from 'commander';
import { shortId } from '../../protocol/ids.ts';
import type { Lease } from '../../protocol/worktree.ts';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';

type Place = { readonly project?: string };
type LeaseOptions = Place & { readonly minutes: number; readonly end?: boolean };

export function addWorktreeSharing(worktree: Command): void {
  worktree
    .command('conflicts')
    .summary('files that several agents change at the same time')
    .description('Lists the files that several agents have changed, each in its worktree, since these parted from their bases.')
    .option('-p, --project <project>', 'only those of this project')
    .action(run(conflicts));
  worktree
    .command('lease')
    .summary('tell the other agents that one has a path for itself')
    .description(
      'Tells the other agents of the project, with their next prompt, that one has a path for itself. Nobody is held back by it.',
    )
    .argument('<agent>', 'name or id')
    .argument('<path>', 'a file, or a folder with / at its end, below the project')
    .option('-m, --minutes <count>', 'how long', minutes, 120)
    .option('--end', 'it does not need it any more')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(lease));
  worktree
    .command('leases')
    .summary('the paths that agents have for themselves')
    .description('Lists the paths that agents have for themselves.')
    .option('-p, --project <project>', 'only those of this project')
    .action(run(leases));
}

async function conflicts(invocation: Invocation, options: Place): Promise<Outcome> {
  const backend = await invocation.backend();
  const [result, names] = [await backend.call('worktree/conflicts', options), await agentNames(invocation)];
  const rows = result.conflicts.map(({ path, agents }) => [
    oneLine(path, 120),
    agents.map((id) => names.get(id) ?? shortId(id)).join(', '),
  ]);
  return { json: result, lines: () => (rows.length > 0 ? table(['PATH', 'AGENTS'], rows) : ['No file is changed by several agents.']) };
}

async function lease(
  invocation: Invocation,
  typed: string,
  path: string,
  { minutes: count, end, ...place }: LeaseOptions,
): Promise<Outcome> {
  const { id } = await findAgent(invocation, typed, place);
  const backend = await invocation.backend();
  const result = await backend.call('worktree/lease', { agent: id, path, minutes: end ? 0 : count });
  const names = await agentNames(invocation);
  return { json: result, lines: () => leaseLines(result.leases, names) };
}

async function leases(invocation: Invocation, options: Place): Promise<Outcome> {
  const backend = await invocation.backend();
  const [result, names] = [await backend.call('worktree/leases', options), await agentNames(invocation)];
  return { json: result, lines: () => leaseLines(result.leases, names) };
}

function leaseLines(all: readonly Lease[], names: ReadonlyMap<string, string>): string[] {
  if (all.length === 0) return ['No agent has a path for itself.'];
  const rows = all.map(({ path, agentId, until }) => [
    oneLine(path, 120),
    names.get(agentId) ?? shortId(agentId),
    new Date(until).toISOString(),
  ]);
  return table(['PATH', 'AGENT', 'UNTIL'], rows);
}

async function agentNames(invocation: Invocation): Promise<ReadonlyMap<string, string>> {
  const backend = await invocation.backend();
  const { agents } = await backend.call('agent/list', {});
  return new Map(agents.map(({ id, name }) => [id, oneLine(name, 40)]));
}

function minutes(typed: string): number {
  const count = Number(typed);
  if (/^\d+$/.test(typed) && count >= 1 && count <= 10_080) return count;
  throw new InvalidArgumentError('Give a whole number of minutes from 1 to 10080, which is a week.');
}
