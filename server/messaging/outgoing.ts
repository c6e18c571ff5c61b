/** Puts messages on disk, each with a delivery for each of its recipients. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { MessageId, PartyId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Screening } from '../protocol/screening.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Deliveries } from './deliveries.ts';
import type { Directory, Screen, Seals } from './deps.ts';
import type { Draft } from './draft.ts';
import type { MessageRow } from './message-store.ts';
import type { News } from './news.ts';
import { isOrderOf, signedFields } from './orders.ts';
import { agentIdIn, isReachable, mayBeIn } from './parties.ts';
import type { Records } from './records.ts';
import { screened } from './screened-text.ts';

export type OutgoingDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly news: News;
  readonly directory: Directory;
  readonly screen: Screen;
  readonly seals: Pick<Seals, 'sign'>;
  readonly now: () => number;
};

const heldReason = 'The screening found something in it; the person looks at it first.';
const nothingFound: Screening = { verdict: 'deliver', findings: [] };

export class Outgoing {
  readonly #deps: OutgoingDeps;

  constructor(deps: OutgoingDeps) {
    this.#deps = deps;
  }

  /** On disk when it returns. Nothing is decided here any more but what the screening says. */
  put(draft: Draft, hops: number): MessageRow {
    return this.#write(draft, hops, screened(draft, this.#deps.screen));
  }

  /** Of the backend's own making, so not screened. */
  putOwn(draft: Draft): MessageRow {
    return this.#write(draft, 0, nothingFound);
  }

  #write(draft: Draft, hops: number, screening: Screening): MessageRow {
    const { file, records, deliveries, news } = this.#deps;
    return file.write(() => {
      const message = this.#row(draft, hops, screening);
      records.messages.put(message);
      for (const attached of draft.files) records.attachments.insert(message.id, attached);
      this.#auditSent(draft, message);
      if (screening.verdict !== 'deliver') this.#auditFindings(draft, screening);
      const recipients = this.#recipients(draft);
      for (const recipient of recipients) {
        const isHeld = message.hold === 'waiting' && recipient !== partyIds.person;
        const to = { recipient, state: isHeld ? 'held' : 'queued', reason: isHeld ? heldReason : '' } as const;
        deliveries.begin(message, to, this.#deps.now());
      }
      news.ofMessage(message.id);
      if (message.hold === 'waiting') news.ofHeld();
      return message;
    });
  }

  #row({ id, by, target, text, replied, expectsReply, at }: Draft, hops: number, { verdict, findings }: Screening): MessageRow {
    const { records, directory, seals } = this.#deps;
    // The person reads what is held; agents and the chat of an editor, which follow texts, are kept from it.
    const isForPerson = target.recipient === partyIds.person;
    const message: MessageRow = {
      ...{ id, sender: by.party, body: text, hops, verdict, sentAt: at, signature: null },
      place: records.messages.nextPlace(),
      recipient: target.recipient,
      channelId: target.channel?.id ?? null,
      teamId: this.#teamOf(draftParties(by.party, target.recipient), target.channel?.teamId ?? null),
      threadId: replied?.threadId ?? id,
      replyTo: replied?.id ?? null,
      expectsReply: Number(expectsReply),
      findings: JSON.stringify(findings),
      hold: verdict === 'hold' && !isForPerson ? 'waiting' : 'none',
    };
    return isOrderOf(message, directory) ? { ...message, signature: seals.sign(signedFields(message)) } : message;
  }

  #recipients({ by, target }: Draft): PartyId[] {
    const { records, directory } = this.#deps;
    if (target.channel === null) return [target.recipient];
    const { id, teamId } = target.channel;
    const isReader = (party: PartyId) => party !== by.party && isReachable(party, directory) && mayBeIn(teamId, party, directory);
    return records.channels.members(id).filter(isReader);
  }

  #teamOf(parties: readonly PartyId[], team: TeamId | null): TeamId | null {
    return parties.reduce((found, party) => found ?? this.#deps.directory.teamOf(party), team);
  }

  #auditSent(
    { by, target, files }: Draft,
    { id, replyTo, threadId, hops, verdict, expectsReply, signature, body, sentAt }: MessageRow,
  ): void {
    const to = target.recipient ?? `#${target.channel.name}`;
    const facts = { messageId: id, from: by.party, to, replyTo, threadId, hops, verdict, sentAt };
    const more = {
      bytes: Buffer.byteLength(body),
      attachments: files.length,
      expectsReply: expectsReply === 1,
      isOrder: signature !== null,
    };
    this.#audit(by, 'message_sent', { ...facts, ...more });
  }

  #auditFindings({ by, id }: Draft, { verdict, findings }: Screening): void {
    const found = findings.map(({ rule, excerpt }) => ({ rule, excerpt }));
    this.#audit(by, 'prompt_injection_detected', { kind: 'message', messageId: id, from: by.party, verdict, findings: found });
  }

  #audit({ party, actor }: Draft['by'], event: 'message_sent' | 'prompt_injection_detected', detail: Record<string, unknown>): void {
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId: agentIdIn(party), actor, detail });
  }
}

function draftParties(sender: PartyId, recipient: PartyId | null): PartyId[] {
  return recipient === null ? [sender] : [sender, recipient];
}

/** What the backend says by itself. */
export function ownDraft(id: MessageId, target: Draft['target'], text: string, at: number): Draft {
  return { id, by: { party: partyIds.system, actor: 'backend' }, target, text, files: [], replied: null, expectsReply: false, at };
}
