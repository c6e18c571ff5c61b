/** A list of messages that is loaded page by page, the newest first, and kept up to date. */
import type { MessageId } from '../../../server/protocol/ids.ts';
import type { Message } from '../../../server/protocol/message.ts';
import { sentenceOf } from '../../shared/host.ts';
import { withEarlierMessages, withMessage } from './threads.ts';

interface Page {
  readonly limit: number;
  readonly before?: MessageId;
}

export interface MessagePagesDeps {
  read: (page: Page) => Promise<{ messages: Message[]; hasEarlier: boolean }>;
  onChange: () => void;
}

const usualPageSize = 50;

export class MessagePages {
  readonly #deps: MessagePagesDeps;
  #messages: readonly Message[] = [];
  #hasEarlier = false;
  #isLoaded = false;
  #isLoading = false;
  #failure: string | null = null;
  /** Counts what was cleared: an answer that was asked for before is dropped. */
  #generation = 0;

  constructor(deps: MessagePagesDeps) {
    this.#deps = deps;
  }

  /** The oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }
  get isLoaded(): boolean {
    return this.#isLoaded;
  }
  get isLoading(): boolean {
    return this.#isLoading;
  }
  get failure(): string | null {
    return this.#failure;
  }

  has(messageId: string): boolean {
    return this.#messages.some(({ id }) => id === messageId);
  }

  /** The newest page; what was loaded before and reaches further back stays. */
  load(): Promise<void> {
    return this.#read({ limit: usualPageSize }, ({ messages, hasEarlier }) => {
      const isJoined = messages[0] !== undefined && this.has(messages[0].id);
      if (!this.#isLoaded || !isJoined) this.#hasEarlier = hasEarlier;
      const kept = isJoined ? this.#messages : this.#messages.filter(({ sentAt }) => sentAt > (messages.at(-1)?.sentAt ?? 0));
      this.#messages = messages.reduce(withMessage, kept);
      this.#isLoaded = true;
    });
  }

  async loadEarlier(pageSize = usualPageSize): Promise<void> {
    const [first] = this.#messages;
    if (!first || !this.#hasEarlier || this.#isLoading) return;
    await this.#read({ limit: pageSize, before: first.id }, ({ messages, hasEarlier }) => {
      this.#messages = withEarlierMessages(this.#messages, messages);
      this.#hasEarlier = hasEarlier;
    });
  }

  put(message: Message): void {
    this.#messages = withMessage(this.#messages, message);
  }

  clear(): void {
    this.#generation += 1;
    this.#messages = [];
    this.#hasEarlier = false;
    this.#isLoaded = false;
    this.#isLoading = false;
    this.#failure = null;
  }

  async #read(page: Page, take: (answer: { messages: Message[]; hasEarlier: boolean }) => void): Promise<void> {
    const generation = this.#generation;
    this.#isLoading = true;
    this.#deps.onChange();
    try {
      const answer = await this.#deps.read(page);
      if (generation !== this.#generation) return;
      take(answer);
      this.#failure = null;
    } catch (error) {
      if (generation === this.#generation) this.#failure = sentenceOf(error);
    }
    if (generation === this.#generation) this.#isLoading = false;
    this.#deps.onChange();
  }
}
