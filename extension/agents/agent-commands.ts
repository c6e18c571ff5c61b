/** Commands about one agent's life. */
import { env, l10n, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { type CommandFunction, type CommandHost, idOf } from '../command-host.ts';
import { liveStates } from '../fleet/tree-model.ts';
import { chooseAgent } from '../picks/picks.ts';

const isLive = (agent: Agent) => liveStates.includes(agent.state);
const isBusy = (agent: Agent) => agent.state === 'running' || agent.state === 'waitingForApproval';

export async function openChat(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Chat with which agent?') });
  if (agent) host.chats.show(agent.id, null);
}

export const startAgent: CommandFunction = (host, argument) =>
  change(host, argument, { method: 'agent/start', placeHolder: l10n.t('Which agent is started?'), fits: (agent) => !isLive(agent) });

export const stopAgent: CommandFunction = (host, argument) =>
  change(host, argument, { method: 'agent/stop', placeHolder: l10n.t('Which agent is stopped?'), fits: isLive });

export const interruptAgent: CommandFunction = (host, argument) =>
  change(host, argument, { method: 'agent/interrupt', placeHolder: l10n.t('Which agent is interrupted?'), fits: isBusy });

export const restartAgent: CommandFunction = (host, argument) =>
  change(host, argument, { method: 'agent/restart', placeHolder: l10n.t('Which agent is restarted?') });

export const pauseAgent: CommandFunction = (host, argument) =>
  change(host, argument, { method: 'agent/pause', placeHolder: l10n.t('Which agent is paused?'), fits: (agent) => !agent.paused });

export const resumeAgent: CommandFunction = (host, argument) =>
  change(host, argument, {
    method: 'agent/resume',
    placeHolder: l10n.t('Which agent is resumed?'),
    fits: ({ paused, hold }) => paused || (hold !== null && hold.kind !== 'budget'),
  });

export async function removeAgent(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Which agent is removed?') });
  if (!agent) return;
  const remove = l10n.t('Remove Agent');
  const detail = l10n.t('It is stopped. Its conversations and the audit trail stay.');
  const answer = await window.showWarningMessage(l10n.t('Remove the agent {0}?', agent.name), { modal: true, detail }, remove);
  if (answer === remove) await host.backend.call('agent/remove', { agent: agent.id });
}

export async function copyId(host: CommandHost, argument: unknown): Promise<void> {
  const id = idOf(argument, 'project') ?? (await chooseAgent(host, argument, { placeHolder: l10n.t('Copy the id of which agent?') }))?.id;
  if (id) await env.clipboard.writeText(id);
}

type Change = {
  readonly method: 'agent/start' | 'agent/stop' | 'agent/interrupt' | 'agent/restart' | 'agent/pause' | 'agent/resume';
  readonly placeHolder: string;
  readonly fits?: (agent: Agent) => boolean;
};

async function change(host: CommandHost, argument: unknown, { method, ...choice }: Change): Promise<void> {
  const agent = await chooseAgent(host, argument, choice);
  if (!agent) return;
  try {
    await host.backend.call(method, { agent: agent.id });
  } catch (error) {
    if (!(error instanceof AgorError && error.code === 'agentFailed')) throw error;
    // The agent's change to `failed` tells the same; both show one message.
    await host.failures.showAgentFailure(agent.name, error.message);
  }
}
