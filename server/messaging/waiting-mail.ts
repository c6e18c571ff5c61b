/** What waits for an agent: chosen and bounded for a prompt of its own, or for its sidecar to keep. */
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, type MessageId, PartyId, type PromptId, shortId } from '../protocol/ids.ts';
import { type CarriedMessage, type MailSnapshot, mailOpening, type OwedReply } from '../protocol/message.ts';
import type { RecordFile } from '../store/record-file.ts';
import { isDue } from './attempts.ts';
import type { Deliveries } from './deliveries.ts';
import type { MessagingDeps } from './deps.ts';
import type { Letters, Waiting } from './letters.ts';
import type { OwedReplies } from './owed-replies.ts';
import type { Records } from './records.ts';

export type WaitingMailDeps = Pick<MessagingDeps, 'isEnabled' | 'currentSession' | 'now'> & {
  readonly file: RecordFile;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly letters: Letters;
  readonly owed: OwedReplies;
  readonly isAgent: (id: PartyId) => boolean;
};

type Bounds = { readonly messages: number; readonly bytes: number };
const promptBounds: Bounds = { messages: 20, bytes: 48 * 1024 };
const snapshotBounds: Bounds = { messages: 50, bytes: 256 * 1024 };
/** More than are ever given at once, so that what waits behind something else does not hide what is due. */
const lookedAt = 500;
const owedNamed = 10;

export class WaitingMail {
  readonly #deps: WaitingMailDeps;

  constructor(deps: WaitingMailDeps) {
    this.#deps = deps;
  }

  isDue(agentId: AgentId): boolean {
    return this.#due(agentId).length > 0;
  }

  next(agentId: AgentId): { messageIds: MessageId[]; text: string } | undefined {
    const chosen = this.#chosen(agentId, promptBounds);
    if (chosen.length === 0) return undefined;
    const messageIds = chosen.map(({ id }) => id);
    const parts = [openingOf(chosen.length), ...chosen.map(({ text }) => text), owedText(this.owed(agentId))];
    return { messageIds, text: parts.filter((part) => part !== '').join('\n\n') };
  }

  snapshot(agentId: AgentId): MailSnapshot {
    return { unread: this.#chosen(agentId, snapshotBounds), owed: this.owed(agentId) };
  }

  owed(agentId: AgentId): OwedReply[] {
    return this.#deps.owed.of(PartyId.parse(agentId));
  }

  /** Throws `conflict` when one of them no longer waits; then none is claimed. */
  claim(agentId: AgentId, messageIds: readonly MessageId[], promptId: PromptId): void {
    const { file, records, deliveries } = this.#deps;
    file.write(() => {
      for (const id of messageIds) {
        const row = records.deliveries.get(id, PartyId.parse(agentId));
        if (row?.state !== 'queued' || (row.promptId !== null && row.promptId !== promptId))
          throw new AgorError('conflict', `The message ${shortId(id)} does not wait any more. Ask again for what is next.`);
        deliveries.claim(row, promptId);
      }
    });
  }

  unclaim(promptId: PromptId): void {
    const { file, records, deliveries } = this.#deps;
    const waiting = records.deliveries.ofPrompt(promptId).filter(({ state }) => state === 'queued');
    if (waiting.length > 0) file.write(() => waiting.forEach((row) => void deliveries.unclaim(row)));
  }

  recoverClaims(isWaiting: (promptId: PromptId) => boolean): void {
    const { file, records, deliveries } = this.#deps;
    const lost = records.deliveries.carried().filter(({ promptId }) => promptId !== null && !isWaiting(promptId));
    // Nobody knows any more how far such a prompt came: the program is asked before it is given again.
    if (lost.length > 0) file.write(() => lost.forEach((row) => void deliveries.unclaim({ ...row, maybeTaken: 1 })));
  }

  /** Also those that have arrived since. */
  carried(agentId: AgentId, promptId: PromptId): CarriedMessage[] {
    return this.#deps.records.deliveries.ofPrompt(promptId).map((delivery) => this.#deps.letters.carried(agentId, delivery));
  }

  #chosen(agentId: AgentId, { messages, bytes }: Bounds): MailSnapshot['unread'] {
    const chosen: MailSnapshot['unread'] = [];
    let left = bytes;
    for (const waiting of this.#due(agentId)) {
      const item = this.#deps.letters.item(agentId, waiting);
      left -= Buffer.byteLength(item.text);
      if (chosen.length >= messages || (left < 0 && chosen.length > 0)) break;
      chosen.push(item);
    }
    return chosen;
  }

  /** In order. Where an earlier message of a sender cannot go yet, its later ones wait too. */
  #due(agentId: AgentId): Waiting[] {
    const { records, isEnabled, isAgent, currentSession, now } = this.#deps;
    const recipient = PartyId.parse(agentId);
    if (!isAgent(recipient) || !isEnabled(agentId)) return [];
    const session = currentSession(agentId);
    const heldUp = new Set<PartyId>();
    return records.deliveries.queued(recipient, lookedAt).flatMap((delivery) => {
      const message = records.messages.get(delivery.messageId);
      if (!message) return [];
      if (delivery.promptId !== null || !isDue(delivery.nextAttemptAt, now())) heldUp.add(message.sender);
      const hasIt = session !== null && records.seen.has(session, delivery.messageId);
      return hasIt || heldUp.has(message.sender) ? [] : [{ delivery, message }];
    });
  }
}

function openingOf(count: number): string {
  return `${mailOpening} ${count === 1 ? 'One message follows.' : `${count} messages follow, in their order.`}`;
}

/** By id and name only: what they say was given in their envelopes, and is not repeated outside of them. */
function owedText(owed: readonly OwedReply[]): string {
  if (owed.length === 0) return '';
  const named = owed.slice(0, owedNamed).map(({ id, from }) => `${shortId(id)} from ${from}`);
  const more = owed.length > named.length ? `, and ${owed.length - named.length} more` : '';
  return `You still owe an answer to: ${named.join(', ')}${more}.`;
}
