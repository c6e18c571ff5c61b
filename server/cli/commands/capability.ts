/** `agor capability`: what an agent may ask the backend for, and what a person has taken from it. */
import { Argument, type Command } from 'commander';
import { type AgentCapabilities, Capability, capabilityMeanings } from '../../protocol/capability.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

type Place = { readonly project?: string };
type ChangeOptions = Place & { readonly reason?: string };
type Method = 'capability/revoke' | 'capability/grant';

const help = `
An agent has what its role has, until you take it away. That counts from what it asks for next, also for messages that
it wrote while no backend ran; it is told in one sentence, and each try is in the audit log.

Capabilities:
${Capability.options.map((name) => `  ${name.padEnd(15)} ${capabilityMeanings[name]}`).join('\n')}

Examples:
  agor capability list builder
  agor capability revoke builder send-messages use-channels --reason "it floods the team"
  agor capability grant builder send-messages`;

const states: Readonly<Record<AgentCapabilities['capabilities'][number]['state'], string>> = {
  granted: 'granted',
  revoked: 'revoked',
  notInRole: 'not in its role',
};

export function addCapabilityCommands(program: Command): void {
  const capability = group(program, { name: 'capability', description: 'What agents may ask for: list, revoke and grant.' });
  capability.addHelpText('after', help);
  const named = (name: string, texts: { readonly summary: string; readonly description: string }) =>
    capability
      .command(name)
      .summary(texts.summary)
      .description(texts.description)
      .argument('<agent>', 'name or id')
      .option('-p, --project <project>', 'the project the agent is in, where its name is used in several');
  named('list', { summary: 'list what an agent may ask for', description: 'Lists what an agent may ask for.' }).action(run(list));
  for (const [name, method, texts] of changes) {
    named(name, texts)
      .addArgument(new Argument('<capability...>', 'one or more').choices(Capability.options))
      .option('-r, --reason <text>', 'why, for the audit log')
      .action(
        run((invocation: Invocation, agent: string, names: readonly string[], options: ChangeOptions) =>
          change(invocation, { agent, names, method }, options),
        ),
      );
  }
}

const changes: readonly (readonly [string, Method, { readonly summary: string; readonly description: string }])[] = [
  [
    'revoke',
    'capability/revoke',
    { summary: 'take something from an agent', description: 'Takes capabilities from an agent, from its next action on.' },
  ],
  ['grant', 'capability/grant', { summary: 'give something back to an agent', description: 'Gives an agent back what was revoked.' }],
];

async function list(invocation: Invocation, typed: string, place: Place): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, place);
  const backend = await invocation.backend();
  const held = await backend.call('capability/list', { agent: id });
  return { json: held, lines: (style) => capabilityLines(name, held, { now: invocation.now, style }) };
}

type Change = { readonly agent: string; readonly names: readonly string[]; readonly method: Method };

async function change(invocation: Invocation, { agent, names, method }: Change, { reason, ...place }: ChangeOptions): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, agent, place);
  const backend = await invocation.backend();
  const capabilities = names.map((one) => Capability.parse(one));
  const held = await backend.call(method, { agent: id, capabilities, ...(reason === undefined ? {} : { reason }) });
  return { json: held, lines: (style) => capabilityLines(name, held, { now: invocation.now, style }) };
}

type View = { readonly now: number; readonly style: Style };

export function capabilityLines(name: string, { capabilities }: AgentCapabilities, { now, style }: View): string[] {
  const rows = capabilities.map(({ capability, state, revokedAt, reason }) => [
    capability,
    state === 'revoked' ? style('red', states[state]) : states[state],
    capabilityMeanings[capability],
    revokedAt === null ? '' : [agoText(revokedAt, now), oneLine(reason, 200)].filter(Boolean).join(': '),
  ]);
  return [style('bold', oneLine(name, 40)), ...table(['CAPABILITY', 'STATE', 'IT MAY', 'REVOKED'], rows)];
}
