/** `agor agent conflicts`: files that an agent and somebody else have written. */
import type { Command } from 'commander';
import type { FileConflict } from '../../protocol/file-conflict.ts';
import type { AgentId } from '../../protocol/ids.ts';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

type Options = { readonly project?: string; readonly settle?: boolean };

const help = `
Another agent counts, and so does whoever else changes a file that the agent has written within the last hour. What
commands of agents write is not told by their programs, so a change while such a command runs is taken for its own.

Examples:
  agor agent conflicts builder
  agor agent conflicts builder --settle`;

const pathChars = 200;

export function addConflictsCommand(agent: Command): void {
  agent
    .command('conflicts')
    .summary('files that it and somebody else wrote')
    .description('Lists the files that an agent and somebody else have written within the last hour.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .option('--settle', 'you have seen to them: none of what happened until now counts any more')
    .addHelpText('after', help)
    .action(run(conflicts));
}

async function conflicts(invocation: Invocation, typed: string, options: Options): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  if (options.settle) {
    const result = await backend.call('conflict/settle', { agent: id });
    return { json: result, lines: () => [`Settled: ${result.settled}.`] };
  }
  const found = await backend.call('conflict/list', { agent: id });
  if (found.total === 0) return { json: found, lines: () => [`Nobody else has written a file of ${oneLine(name, 40)}.`] };
  const { agents } = await backend.call('agent/list', {});
  const names = new Map(agents.map((agent) => [agent.id, oneLine(agent.name, 40)]));
  const rows = found.conflicts.map((conflict) => [
    oneLine(conflict.path, pathChars),
    byWhom(conflict, names),
    conflict.changedElsewhereAt === null ? '' : agoText(conflict.changedElsewhereAt, invocation.now),
    conflict.isWrittenOver ? 'written over' : '',
  ]);
  return { json: found, lines: () => table(['FILE', 'ALSO WRITTEN BY', 'WHEN', ''], rows) };
}

function byWhom({ otherAgents, changedElsewhereAt }: FileConflict, names: ReadonlyMap<AgentId, string>): string {
  const others = otherAgents.map((id) => names.get(id) ?? 'an agent that was removed');
  return [...others, ...(changedElsewhereAt === null ? [] : ['no agent'])].join(', ');
}
