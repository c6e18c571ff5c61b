/** `agor agent`: what runs in the projects, and what can be done with it. */
import type { Command } from 'commander';
import { readDescriptor } from '../../base/read-descriptor.ts';
import type { Agent } from '../../protocol/agent.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Method } from '../../protocol/requests.ts';
import { findAgent } from '../agent-reference.ts';
import { group, uncapitalized } from '../command-group.ts';
import { credentialsFor, credentialsText, givenSecrets } from '../credentials.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { usageText } from '../transcript.ts';
import { addAddCommand } from './agent-add.ts';
import { addAttachCommand } from './agent-attach.ts';
import { addConfigureCommand } from './agent-configure.ts';
import { addConflictsCommand } from './agent-conflicts.ts';
import { addLogsCommand } from './agent-logs.ts';
import { addModeCommand } from './agent-mode.ts';
import { addMonitorCommand } from './agent-monitor.ts';
import { addPromptCommand } from './agent-prompt.ts';
import { addShowCommand } from './agent-show.ts';
import { addSteerCommand } from './agent-steer.ts';
import { descriptorNumber } from './descriptor-number.ts';

type Place = { readonly project?: string };
type StartOptions = Place & { readonly env?: string[]; readonly secretFd?: number };
type Verb = Extract<Method, 'agent/interrupt' | 'agent/stop' | 'agent/pause' | 'agent/resume'>;

const verbs: readonly { readonly name: string; readonly method: Verb; readonly does: string; readonly alias?: string }[] = [
  { name: 'interrupt', method: 'agent/interrupt', does: 'End the running turn; the agent then takes the next prompt.' },
  {
    name: 'stop',
    alias: 'terminate',
    method: 'agent/stop',
    does: "End the agent's program. Its session stays, and goes on at the next prompt.",
  },
  { name: 'pause', method: 'agent/pause', does: 'Begin no new turn, and interrupt the running one; prompts wait.' },
  { name: 'resume', method: 'agent/resume', does: 'End a pause; what waited meanwhile is done now.' },
];

export function addAgentCommands(program: Command): void {
  const agent = group(program, { name: 'agent', description: 'Agents: add, run, talk to, stop.' });
  addAddCommand(agent);
  addPromptCommand(agent);
  addSteerCommand(agent);
  addAttachCommand(agent);
  addConfigureCommand(agent);
  agent
    .command('list')
    .summary('list the agents and what they do')
    .description('Lists the agents of all projects, or of one.')
    .option('-p, --project <project>', 'only the agents of this project')
    .action(run(listAgents));
  addShowCommand(agent);
  for (const method of ['agent/start', 'agent/restart'] as const) addStart(agent, method);
  for (const { name, method, does, alias } of verbs) {
    const command = onAgent(agent, name, does).action(run(act(method)));
    if (alias !== undefined) command.alias(alias);
  }
  onAgent(agent, 'remove', 'Stop an agent and forget it. Transcripts and audit rows stay.').action(run(removeAgent));
  addLogsCommand(agent);
  addModeCommand(agent);
  addMonitorCommand(agent);
  addConflictsCommand(agent);
}

function onAgent(parent: Command, name: string, does: string): Command {
  return parent
    .command(name)
    .summary(uncapitalized(does.split(/[;.:]/)[0] ?? ''))
    .description(does)
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several');
}

function addStart(parent: Command, method: 'agent/start' | 'agent/restart'): void {
  const does =
    method === 'agent/start' ? "Start an agent's program now instead of at its next prompt." : "End an agent's program and start it again.";
  onAgent(parent, method.slice('agent/'.length), `${does} Its key is taken from your environment again, where it uses one.`)
    .option('-e, --env <name...>', 'keys and tokens of your environment to hand over again')
    .option(
      '--secret-fd <number>',
      'read its secrets from this descriptor: a JSON object, or the bare value where it uses one',
      descriptorNumber,
    )
    .action(run(startWith(method)));
}

async function listAgents(invocation: Invocation, options: Place): Promise<Outcome> {
  const backend = await invocation.backend();
  const { agents } = await backend.call('agent/list', options);
  if (agents.length === 0)
    return { json: { agents }, lines: () => ['There is no agent yet. Add one with: agor agent add demo --provider demo'] };
  const { projects } = await backend.call('project/list', {});
  const projectNames = new Map(projects.map(({ id, name }) => [id, oneLine(name, 40)]));
  const rows = agents.map((agent) => [
    shortId(agent.id),
    oneLine(agent.name, 40),
    projectNames.get(agent.projectId) ?? '',
    agent.provider,
    agent.paused ? `${agent.state}, paused` : agent.state,
    agent.usage ? usageText(agent.usage) : '',
    oneLine(agent.stateDetail, 100),
  ]);
  return { json: { agents }, lines: () => table(['ID', 'NAME', 'PROJECT', 'PROVIDER', 'STATE', 'USAGE', 'DETAIL'], rows) };
}

function startWith(method: 'agent/start' | 'agent/restart') {
  return async (invocation: Invocation, typed: string, options: StartOptions): Promise<Outcome> => {
    const found = await findAgent(invocation, typed, options);
    const { id, provider, credentials: source } = found;
    const given = options.secretFd === undefined ? {} : givenSecrets(found, await readDescriptor(options.secretFd));
    const ofEnvironment = credentialsFor(provider, { env: invocation.env, names: options.env ?? [], login: source !== 'environment' });
    const backend = await invocation.backend();
    const secrets = { ...ofEnvironment.secrets, ...given };
    const agent = await backend.call(method, { agent: id, ...(Object.keys(secrets).length > 0 ? { secrets } : {}) });
    const isSaid = source === 'environment' || Object.keys(ofEnvironment.secrets).length > 0;
    const said = isSaid ? credentialsText(provider, { secrets, environment: {} }) : [];
    return { json: agent, lines: () => [...said, stateText(agent)] };
  };
}

function act(method: Verb) {
  return async (invocation: Invocation, typed: string, options: Place): Promise<Outcome> => {
    const { id } = await findAgent(invocation, typed, options);
    const backend = await invocation.backend();
    const agent = await backend.call(method, { agent: id });
    return { json: agent, lines: () => [stateText(agent)] };
  };
}

async function removeAgent(invocation: Invocation, typed: string, options: Place): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  await backend.call('agent/remove', { agent: id });
  return { json: {}, lines: () => [`Removed the agent ${oneLine(name)}.`] };
}

function stateText({ name, state, stateDetail, paused }: Agent): string {
  const detail = oneLine(stateDetail, 500);
  return `${oneLine(name)} is ${state}${paused ? ' and paused' : ''}${detail ? `: ${detail}` : ''}.`;
}
