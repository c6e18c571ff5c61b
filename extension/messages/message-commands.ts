/** Commands about messages: reading and writing them, and deciding what happens to those that are held or did not arrive. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { DeadLetter } from '../../server/protocol/message.ts';
import type { HeldItem } from '../../server/protocol/screening.ts';
import { type CommandHost, idOf } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import { openTask } from './task-commands.ts';

/** Run on a message, at that message in the chat of the agent that it is from or to. */
export async function openComms(host: CommandHost, argument: unknown): Promise<void> {
  await host.fleet.whenLoaded();
  const place = placeOf(host, argument);
  if (place && 'taskId' in place) return openTask(host, place.taskId);
  if (place) return host.chats.showComms(place.agentId, place.messageId);
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Messages of which agent?') });
  if (agent) host.chats.showComms(agent.id, null);
}

export async function writeMessage(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Write to which agent?') });
  const text = agent && (await askText(agent));
  if (!agent || !text) return;
  const { note } = await host.backend.call('message/send', { to: agent.id, text });
  void window.setStatusBarMessage(note ?? l10n.t('Sent to {0}.', agent.name), 5_000);
}

export async function wakeAgent(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Which agent is woken?') });
  if (!agent) return;
  await host.backend.call('wake/now', { agent: agent.id });
  void window.setStatusBarMessage(l10n.t('{0} is woken.', agent.name), 5_000);
}

export async function releaseHeld(host: CommandHost, argument: unknown): Promise<void> {
  const item = await chooseHeld(host, argument, l10n.t('Which text is released?'));
  if (item) await host.backend.call('screening/release', { item: item.id });
}

export async function discardHeld(host: CommandHost, argument: unknown): Promise<void> {
  const item = await chooseHeld(host, argument, l10n.t('Which text is discarded?'));
  if (item) await host.backend.call('screening/discard', { item: item.id });
}

export async function redeliverDeadLetter(host: CommandHost, argument: unknown): Promise<void> {
  const deadLetter = await chooseDeadLetter(host, argument, l10n.t('Which message is delivered again?'));
  if (deadLetter) await host.backend.call('deadLetter/redeliver', { deadLetter: deadLetter.id });
}

export async function discardDeadLetter(host: CommandHost, argument: unknown): Promise<void> {
  const deadLetter = await chooseDeadLetter(host, argument, l10n.t('Which message is discarded?'));
  if (deadLetter) await host.backend.call('deadLetter/discard', { deadLetter: deadLetter.id });
}

type CommsPlace = { readonly agentId: string; readonly messageId: string };

/** A held task is on the board of its team. */
function placeOf({ fleet, teamwork }: CommandHost, argument: unknown): CommsPlace | { readonly taskId: string } | undefined {
  const { forPerson, held, deadLetters } = teamwork.state;
  const message = forPerson.find(({ id }) => id === idOf(argument, 'message'));
  if (message) return { agentId: message.from.id, messageId: message.id };
  const deadLetter = deadLetters.find(({ id }) => id === idOf(argument, 'deadLetter'));
  if (deadLetter) {
    const agentId = [deadLetter.to.id, deadLetter.from.id].find((id) => fleet.agent(id) !== undefined);
    return agentId === undefined ? undefined : { agentId, messageId: deadLetter.id };
  }
  const item = held.find(({ id }) => id === idOf(argument, 'held'));
  if (!item) return undefined;
  if (item.kind === 'task') return { taskId: item.id };
  const agent = [item.to, item.from].map((name) => fleet.state.agents.find((known) => known.name === name)).find((known) => known);
  return agent && { agentId: agent.id, messageId: item.id };
}

async function askText(agent: Agent): Promise<string | undefined> {
  const text = await window.showInputBox({
    title: l10n.t('Message to {0}', agent.name),
    prompt: l10n.t('It is given to the agent at once, or at the end of its turn. A reply is expected.'),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('Type a message.') : undefined),
  });
  return text?.trim();
}

async function chooseHeld({ teamwork, fleet }: CommandHost, argument: unknown, placeHolder: string): Promise<HeldItem | undefined> {
  await fleet.whenLoaded();
  const { held } = teamwork.state;
  const given = held.find(({ id }) => id === idOf(argument, 'held'));
  if (given) return given;
  if (held.length === 0) throw new AgorError('notFound', l10n.t('The screening holds nothing back.'));
  const items = held.map((item) => ({
    value: item,
    label: pickText(`${item.from} → ${item.to}`),
    description: timeAgo(item.heldAt, Date.now(), l10n.t),
    detail: pickText(item.text.slice(0, 500)),
  }));
  return pick(items, placeHolder);
}

async function chooseDeadLetter({ teamwork, fleet }: CommandHost, argument: unknown, placeHolder: string): Promise<DeadLetter | undefined> {
  await fleet.whenLoaded();
  const { deadLetters } = teamwork.state;
  const given = deadLetters.find(({ id }) => id === idOf(argument, 'deadLetter'));
  if (given) return given;
  if (deadLetters.length === 0) throw new AgorError('notFound', l10n.t('Every message was delivered, or waits for its recipient.'));
  const items = deadLetters.map((deadLetter) => ({
    value: deadLetter,
    label: pickText(`${deadLetter.from.name} → ${deadLetter.to.name}`),
    description: pickText(deadLetter.error),
    detail: pickText(deadLetter.content.slice(0, 500)),
  }));
  return pick(items, placeHolder);
}

/** Asked even for a single one: what is decided has to be seen first. */
async function pick<T>(items: readonly (QuickPickItem & { readonly value: T })[], placeHolder: string): Promise<T | undefined> {
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true }))?.value;
}
