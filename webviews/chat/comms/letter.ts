/** What a person writes: a message or a reply, kept until the backend has it. */
import type { MessageId } from '../../../server/protocol/ids.ts';
import type { Message } from '../../../server/protocol/message.ts';
import { type Host, sentenceOf } from '../../shared/host.ts';
import { t } from '../texts.ts';

export interface LetterDeps {
  request: Host['request'];
  newMessageId: () => MessageId;
  onChange: () => void;
  onSent: (message: Message) => void;
}

interface Address {
  readonly to: string;
  readonly team: string | undefined;
}

const maxBytes = 64 * 1024;

export class Letter {
  readonly #deps: LetterDeps;
  #text = '';
  #replyTo: Message | null = null;
  #isToAgent = true;
  #expectsReply = true;
  #isSending = false;
  #problem: string | null = null;
  /** What the sender should know about the last message, such as until when it waits. */
  #note: string | null = null;
  /** Sent again under the same id, a message whose acknowledgement was lost counts once. */
  #messageId: MessageId | null = null;

  constructor(deps: LetterDeps) {
    this.#deps = deps;
  }

  get text(): string {
    return this.#text;
  }
  get replyTo(): Message | null {
    return this.#replyTo;
  }
  get expectsReply(): boolean {
    return this.#expectsReply;
  }
  get isSending(): boolean {
    return this.#isSending;
  }
  get problem(): string | null {
    return this.#problem;
  }
  get note(): string | null {
    return this.#note;
  }

  edit(text: string): void {
    this.#text = text;
    this.#messageId = null;
    this.#note = null;
    this.#deps.onChange();
  }

  /** An answer expects none by itself. */
  reply(message: Message | null): void {
    this.#replyTo = message;
    this.#expectsReply = message === null && this.#isToAgent;
    this.#messageId = null;
    this.#deps.onChange();
  }

  toggleExpectsReply(): void {
    this.#expectsReply = !this.#expectsReply;
    this.#deps.onChange();
  }

  dismissProblem(): void {
    this.#problem = null;
    this.#deps.onChange();
  }

  /** A new one; what is written to a channel expects no reply by itself. */
  begin(to: 'agent' | 'channel'): void {
    this.#isToAgent = to === 'agent';
    this.#clear();
  }

  async send({ to, team }: Address): Promise<void> {
    if (this.#isSending || this.#text.trim() === '') return;
    this.#problem = tooLarge(this.#text);
    if (this.#problem !== null) return this.#deps.onChange();
    this.#isSending = true;
    this.#messageId ??= this.#deps.newMessageId();
    this.#deps.onChange();
    const what = { text: this.#text, expectsReply: this.#expectsReply, messageId: this.#messageId };
    try {
      const { message, note } = this.#replyTo
        ? await this.#deps.request('message/reply', { message: this.#replyTo.id, ...what })
        : await this.#deps.request('message/send', { to, ...what, ...(team === undefined ? {} : { team }) });
      this.#clear();
      this.#note = note;
      this.#deps.onSent(message);
    } catch (error) {
      this.#problem = sentenceOf(error);
    }
    this.#isSending = false;
    this.#deps.onChange();
  }

  #clear(): void {
    this.#text = '';
    this.#replyTo = null;
    this.#expectsReply = this.#isToAgent;
    this.#messageId = null;
    this.#problem = null;
    this.#note = null;
  }
}

function tooLarge(text: string): string | null {
  const { length } = new TextEncoder().encode(text);
  return length <= maxBytes ? null : t('messageTooLarge', Math.ceil(length / 1024), maxBytes / 1024);
}
