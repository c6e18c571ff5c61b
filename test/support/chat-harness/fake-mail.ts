/** The messages of the harness: what the backend answers about them, and what changes when the page acts. */
import { Channel, DeadLetter, Message } from '../../../server/protocol/message.ts';
import { HeldItem } from '../../../server/protocol/screening.ts';
import type { Party } from '../../../server/protocol/team.ts';
import { parties, person, sampleProfile } from './board-data.ts';
import { hostile } from './hostile.ts';
import { channelMessages, sampleChannels, sampleDeadLetters, sampleHeld, sampleMessage, sampleMessages } from './mail-data.ts';
import { id, startedAt } from './sample-data.ts';

type Params = Record<string, unknown>;

export class FakeMail {
  messages: Message[] = sampleMessages();
  held: HeldItem[] = sampleHeld();
  deadLetters: DeadLetter[] = sampleDeadLetters();
  #channels = sampleChannels();
  readonly #tell: (message: Message) => void;

  constructor(tell: (message: Message) => void) {
    this.#tell = tell;
  }

  clear(): void {
    this.messages = [];
    this.held = [];
    this.deadLetters = [];
  }

  /** The text wherever somebody else's may stand. */
  fill(text: string): void {
    this.messages = [...sampleMessages(), ...this.#channels.flatMap(channelMessages)].map((message) => hostile(Message, message, text));
    this.held = sampleHeld().map((item) => hostile(HeldItem, item, text));
    this.deadLetters = sampleDeadLetters().map((deadLetter) => hostile(DeadLetter, deadLetter, text));
    this.#channels = sampleChannels().map((channel) => hostile(Channel, channel, text));
  }

  useMany(count: number): void {
    this.clear();
    const [reviewer, builder] = parties;
    if (!reviewer || !builder) return;
    this.messages = Array.from({ length: count }, (_, index) =>
      sampleMessage(index + 1, 'seen', { from: builder, to: reviewer, text: `Message number ${index + 1}` }),
    );
  }

  /** Someone writes. */
  arrive(message: Message): void {
    this.messages = [...this.messages.filter(({ id: known }) => known !== message.id), message];
    this.#tell(message);
  }

  result(method: string, params: Params): unknown {
    if (method === 'team/list') return { teams: [], profiles: [sampleProfile(1)], teammates: [] };
    if (method === 'message/feed') return this.#page(params);
    if (method === 'channel/list') return { channels: this.#channels };
    if (method === 'channel/history') return this.#history(String(params.channel));
    if (method === 'screening/held') return { items: this.held };
    if (method === 'deadLetter/list') return { deadLetters: this.deadLetters };
    if (method === 'message/read') return this.#read(String(params.message));
    if (method === 'message/send' || method === 'message/reply') return this.#send(params);
    if (method.startsWith('deadLetter/')) return { ...this.deadLetters[0], settlement: 'redelivered', settledAt: 1 };
    return {};
  }

  #page({ limit, before }: Params) {
    const end = this.messages.findIndex((message) => message.id === before);
    const earlier = end < 0 ? this.messages : this.messages.slice(0, end);
    const messages = earlier.slice(-Number(limit));
    return { messages, hasEarlier: messages.length < earlier.length };
  }

  #history(channelId: string) {
    const channel = this.#channels.find((candidate) => candidate.id === channelId);
    const messages = channel?.name === 'review-queue' ? channelMessages(channel) : [];
    return { channel, messages, hasEarlier: false };
  }

  #read(messageId: string): Message | undefined {
    const message = this.messages.find((candidate) => candidate.id === messageId);
    if (!message) return undefined;
    const deliveries = message.deliveries.map((delivery) => ({ ...delivery, state: 'seen' as const, seenAt: startedAt }));
    const read = { ...message, deliveries };
    this.messages = this.messages.map((known) => (known.id === messageId ? read : known));
    return read;
  }

  #send({ text, expectsReply, message: replyTo, messageId }: Params): unknown {
    const target = this.messages.find((message) => message.id === replyTo);
    const to: Party | undefined = target?.from ?? parties[0];
    const number = 100 + this.messages.length;
    const draft = { from: person, to: to ?? person, text: String(text), expectsReply: expectsReply === true, isOrder: true };
    const ids = { id: (messageId ?? id('3e55', number)) as Message['id'] };
    const message = { ...sampleMessage(number, 'queued', draft), ...ids, threadId: target?.threadId ?? ids.id };
    this.arrive(message);
    return { message, note: null };
  }
}
