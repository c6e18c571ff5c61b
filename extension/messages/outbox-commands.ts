/** Commands about events of an agent that the backend refused: they wait for a person, and are never dropped. */
import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { OutboxReport, PoisonedEvent } from '../../server/protocol/outbox.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { messageText, pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

type Item = QuickPickItem & { readonly keys?: readonly string[]; readonly shown?: PoisonedEvent };

export async function showRefusedEvents(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Refused events of which agent?') });
  if (!agent) return;
  const { poisoned, pending } = await readOutbox(host, agent.id);
  if (poisoned.length === 0) {
    void window.showInformationMessage(l10n.t('{0} has no refused events; {1} wait to be taken.', messageText(agent.name), pending));
    return;
  }
  const picked = await window.showQuickPick(items(poisoned), {
    title: l10n.t('Refused events of {0}', agent.name),
    placeHolder: l10n.t('Send them again, or look at one'),
    matchOnDescription: true,
  });
  if (picked?.shown) await showEvent(host, picked.shown);
  if (!picked?.keys) return;
  const { requeued } = await host.backend.call('outbox/requeue', { agent: agent.id, keys: [...picked.keys] });
  void window.showInformationMessage(l10n.t('Sent again: {0}.', requeued));
}

/** A report holds as many events as fit into one answer. */
async function readOutbox(host: CommandHost, agent: string): Promise<Pick<OutboxReport, 'poisoned' | 'pending'>> {
  const poisoned: PoisonedEvent[] = [];
  for (;;) {
    const report = await host.backend.call('outbox/show', { agent, afterSeq: poisoned.at(-1)?.seq });
    poisoned.push(...report.poisoned);
    if (report.poisoned.length === 0 || poisoned.length >= report.poisonedCount) return { poisoned, pending: report.pending };
  }
}

function items(poisoned: readonly PoisonedEvent[]): Item[] {
  const all: Item = { label: `$(refresh) ${l10n.t('Send all again')}`, keys: poisoned.map(({ key }) => key) };
  const separator: Item = { label: l10n.t('Events'), kind: QuickPickItemKind.Separator };
  const events = poisoned.map((event) => ({
    label: `$(warning) ${pickText(event.kind)}`,
    description: timeAgo(event.occurredAt, Date.now(), l10n.t),
    detail: pickText(event.detail),
    shown: event,
  }));
  return [all, separator, ...events];
}

async function showEvent(host: CommandHost, event: PoisonedEvent): Promise<void> {
  await window.showTextDocument(host.documents.add(`${event.kind} ${event.seq}.json`, JSON.stringify(event, null, 2)), { preview: true });
}
