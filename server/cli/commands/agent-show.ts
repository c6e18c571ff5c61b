/** `agor agent show`: one agent, what it is, how it is, and what it cannot do or tell. */
import type { Command } from 'commander';
import type { Agent } from '../../protocol/agent.ts';
import { kindFacts, kindOf, lacksOf } from '../../protocol/agent-kinds.ts';
import { findAgent } from '../agent-reference.ts';
import { lackText } from '../catalogue-text.ts';
import { fenceLines } from '../fence-text.ts';
import { run } from '../invocation.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { usageText } from '../transcript.ts';

type Options = { readonly project?: string };

export function addShowCommand(parent: Command): void {
  parent
    .command('show')
    .summary('show one agent')
    .description('Shows one agent: what it is, how it is, what it has used, and what one has to do without with it.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(
      run(async (invocation, typed: string, options: Options) => {
        const agent = await findAgent(invocation, typed, options);
        return { json: { ...agent, kind: kindOf(agent.provider, agent.command), lacks: lacksOf(agent) }, lines: () => agentLines(agent) };
      }),
    );
}

function agentLines(agent: Agent): string[] {
  const { name, provider, command, model, state, stateDetail, paused, usage, runtime, sandbox, credentials, mode } = agent;
  const kind = kindFacts[kindOf(provider, command)];
  const version = runtime?.programVersion ?? null;
  const rows: [string, string | null][] = [
    ['Agent', oneLine(name, 100)],
    ['Id', agent.id],
    ['Kind', `${kind.name}${version === null ? '' : `, version ${oneLine(version, 40)}`}`],
    ['Command', command.length > 0 ? oneLine(command.join(' '), 4096) : null],
    ['Model', model === null ? null : oneLine(model, 100)],
    ['State', `${paused ? `${state}, paused` : state}${stateDetail ? `: ${oneLine(stateDetail, 500)}` : ''}`],
    ['Credentials', credentials],
    ['Sandbox', sandbox === null ? 'not found out yet' : (fenceLines(sandbox)[0] ?? null)],
    ['Usage', usage ? usageText(usage) : null],
    ['Without', lacksOf(agent).map(lackText).join(', ') || 'nothing known'],
    ['Mode', mode],
    ['Tried with', provider === 'demo' ? null : (kind.triedWith ?? 'this kind was not tried with a real program')],
  ];
  return table(
    ['', ''],
    rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== ''),
  ).slice(1);
}
