/** Finds the project or agent that a command is about: the one it was run on, the only one there is, or the one picked. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { Project } from '../../server/protocol/project.ts';
import { type CommandHost, idOf } from '../command-host.ts';
import { pickText } from '../text/visible-text.ts';
import { describeAgent } from '../text/wording.ts';

type AgentChoice = { readonly placeHolder: string; readonly fits?: (agent: Agent) => boolean };

/** `undefined` when the person changed their mind; throws `notFound` when there is nothing to choose from. */
export async function chooseAgent(host: CommandHost, argument: unknown, choice: AgentChoice): Promise<Agent | undefined> {
  await host.fleet.whenLoaded();
  const id = idOf(argument, 'agent');
  if (id) return host.fleet.agent(id) ?? gone();
  const agents = host.fleet.state.agents.filter(choice.fits ?? (() => true));
  if (agents.length === 0) throw new AgorError('notFound', nothingToChoose(host));
  const items = agents.map((agent) => ({
    value: agent,
    label: pickText(agent.name),
    description: pickText(describeAgent(agent, l10n.t)),
    detail: pickText(projectName(host, agent)),
  }));
  return pickOne(items, choice.placeHolder);
}

export async function chooseProject(host: CommandHost, argument: unknown, placeHolder: string): Promise<Project | undefined> {
  await host.fleet.whenLoaded();
  const id = idOf(argument, 'project');
  if (id) return host.fleet.project(id) ?? gone();
  const { projects } = host.fleet.state;
  if (projects.length === 0) throw new AgorError('notFound', l10n.t('There is no project yet. Add one with "Agor: Add Project".'));
  return pickOne(
    projects.map((project) => ({ value: project, label: pickText(project.name), description: pickText(project.path) })),
    placeHolder,
  );
}

/** One candidate needs no question. */
async function pickOne<T>(items: readonly (QuickPickItem & { readonly value: T })[], placeHolder: string): Promise<T | undefined> {
  const [only] = items;
  if (items.length === 1 && only) return only.value;
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true }))?.value;
}

function projectName(host: CommandHost, agent: Agent): string {
  return host.fleet.project(agent.projectId)?.name ?? '';
}

function nothingToChoose(host: CommandHost): string {
  if (host.fleet.state.agents.length > 0) return l10n.t('No agent is in a state in which this can be done.');
  return l10n.t('There is no agent yet. Add one with "Agor: Add Agent".');
}

function gone(): never {
  throw new AgorError('notFound', l10n.t('It was removed meanwhile.'));
}
