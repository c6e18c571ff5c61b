/** Messages that an agent wrote while no backend was there; its sidecar acknowledged them unverified. */
import * as z from 'zod/mini';
import type { AuditLog } from '../audit/audit-log.ts';
import { SenderRates } from '../base/sender-rates.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, type DeadLetterId, type MessageId, PartyId } from '../protocol/ids.ts';
import { messageRequests } from '../protocol/message-requests.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Directory, MessagingDeps } from './deps.ts';
import type { News } from './news.ts';
import type { Notices } from './notices.ts';
import type { Records } from './records.ts';
import type { Sending } from './sending.ts';

export type QueuedDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly sending: Sending;
  readonly notices: Notices;
  readonly news: News;
  readonly directory: Directory;
  readonly permit: MessagingDeps['permit'];
  readonly perMinute: () => number;
  readonly now: () => number;
};

export type QueuedMessage = {
  readonly messageId: MessageId;
  readonly method: 'message/send' | 'message/reply';
  readonly params: unknown;
  readonly at: number;
};

type Named = { readonly to: string; readonly text: string };

const maxKeptChars = 64 * 1024;
/** Far more than what one batch of events holds. */
const rememberedMessages = 10_000;

export class QueuedSending {
  readonly #deps: QueuedDeps;
  /** By when they were written: that they come all at once is not the sender's doing. */
  readonly #rates: SenderRates;
  /** Had their place in it: when the disk does not take one, its event comes again, which is not the sender's doing either. */
  readonly #counted = new Set<MessageId>();

  constructor(deps: QueuedDeps) {
    this.#deps = deps;
    this.#rates = new SenderRates(deps.perMinute);
  }

  /** A message that cannot be sent comes back to its sender and is kept as a dead letter. Throws only for what is not the sender's fault. */
  take(agentId: AgentId, queued: QueuedMessage): void {
    const sender = PartyId.parse(agentId);
    // It was refused before, and its event comes again.
    if (this.#deps.records.deadLetters.ofMessage(queued.messageId).some((letter) => letter.sender === sender)) return;
    try {
      this.#send(agentId, queued);
    } catch (error) {
      if (!(error instanceof AgorError) || error.code === 'storage') throw error;
      this.#refuse(sender, queued, error.message);
    }
  }

  forget(sender: PartyId): void {
    this.#rates.forget(sender);
  }

  #send(agentId: AgentId, { messageId, method, params, at }: QueuedMessage): void {
    const { sending, permit } = this.#deps;
    const by = { party: PartyId.parse(agentId), actor: 'agent' };
    const written = { at, pace: (party: PartyId) => this.#takeOnce(messageId, party, at) };
    if (method === 'message/send') {
      const asked = parsed(messageRequests[method].params, params);
      permit(agentId, method, asked);
      sending.send({ ...asked, messageId }, by, written);
    } else {
      const asked = parsed(messageRequests[method].params, params);
      permit(agentId, method, asked);
      sending.reply({ ...asked, messageId }, by, written);
    }
  }

  #takeOnce(messageId: MessageId, sender: PartyId, at: number): ReturnType<SenderRates['take']> {
    if (this.#counted.has(messageId)) return null;
    const late = this.#rates.take(sender, at);
    if (late) return late;
    if (this.#counted.size >= rememberedMessages) this.#counted.clear();
    this.#counted.add(messageId);
    return null;
  }

  #refuse(sender: PartyId, { messageId, params }: QueuedMessage, error: string): void {
    const { file, audit, records, notices, news, now } = this.#deps;
    const { to, text } = this.#named(params, sender);
    const id = newId<DeadLetterId>();
    const diedAt = now();
    const detail = { messageId, to, state: 'dead', reason: error };
    file.write(() => {
      const letter = { id, messageId, sender, recipient: to, content: text, error, diedAt, settlement: null, settledAt: null };
      records.deadLetters.put(letter);
      audit.append({ at: diedAt, event: 'message_dead', agentId: sender, actor: 'backend', detail });
      notices.notSent(sender, { to, text }, error);
    });
    news.ofDeadLetter(id);
  }

  /** As far as it can be told from what was given; whom it names, where that is somebody. */
  #named(params: unknown, sender: PartyId): Named {
    const field = (name: string) => {
      const value = params !== null && typeof params === 'object' ? Object.entries(params).find(([key]) => key === name)?.[1] : undefined;
      return typeof value === 'string' ? value.slice(0, maxKeptChars).toWellFormed() : '';
    };
    return { to: this.#partyNamed(field('to') || field('message'), sender), text: field('text') };
  }

  #partyNamed(reference: string, sender: PartyId): string {
    try {
      return this.#deps.directory.find(reference, sender);
    } catch (error) {
      if (error instanceof AgorError) return reference.slice(0, 200);
      throw error;
    }
  }
}

function parsed<S extends z.ZodMiniType>(schema: S, params: unknown): z.infer<S> {
  const result = z.safeParse(schema, params);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AgorError('badRequest', `"${issue?.path.join('.') ?? ''}" cannot be used: ${issue?.message ?? 'it does not fit'}.`);
}
