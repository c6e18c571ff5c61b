/** `agor agent mode`: who answers the questions of an agent where no rule does. */
import { Argument, type Command } from 'commander';
import { AgentMode } from '../../protocol/agent.ts';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { requirePerson } from '../require-person.ts';

const meanings: Readonly<Record<AgentMode, string>> = {
  ask: 'you are asked',
  restricted: 'what no rule of yours allows is denied at once, and nobody is asked',
  autonomous: 'allowed without asking, while its fence is at work and no incident lasts; otherwise you are asked',
};

const help = `
Modes:
${AgentMode.options.map((mode) => `  ${mode.padEnd(11)} ${meanings[mode]}`).join('\n')}

A rule goes before the mode, and "never" holds in each of them. Questions that are open wait for you as before; each answer
that a mode gives is in the audit log.`;

export function addModeCommand(parent: Command): void {
  parent
    .command('mode')
    .summary('show or set who answers an agent')
    .description('Shows or sets who answers the questions of an agent where no rule does.')
    .argument('<agent>', 'name or id')
    .addArgument(new Argument('[mode]', 'shown when left out').choices(AgentMode.options))
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .addHelpText('after', help)
    .action(run(mode));
}

async function mode(
  invocation: Invocation,
  typed: string,
  wanted: string | undefined,
  place: { readonly project?: string },
): Promise<Outcome> {
  const found = await findAgent(invocation, typed, place);
  const agent = wanted === undefined ? found : await setMode(invocation, found.id, AgentMode.parse(wanted));
  const unfenced =
    agent.mode === 'autonomous' && (agent.sandbox === null || agent.sandbox.files === 'off')
      ? ['No fence is known to be around its program: until one is, you are asked. See "agor sandbox explain".']
      : [];
  return { json: agent, lines: () => [`${oneLine(agent.name)} is in the mode ${agent.mode}: ${meanings[agent.mode]}.`, ...unfenced] };
}

async function setMode(invocation: Invocation, agent: string, mode: AgentMode) {
  requirePerson(invocation);
  const backend = await invocation.backend();
  return backend.call('agent/setMode', { agent, mode });
}
