/** The messages of the agent that the page shows, and what a person can do with them, without any drawing. */
import type { Agent } from '../../../server/protocol/agent.ts';
import type { MessageId } from '../../../server/protocol/ids.ts';
import type { Channel, DeadLetter, Message } from '../../../server/protocol/message.ts';
import type { HeldItem } from '../../../server/protocol/screening.ts';
import { type Host, sentenceOf } from '../../shared/host.ts';
import { Letter } from './letter.ts';
import { MessagePages } from './message-pages.ts';

export interface CommsModelDeps {
  host: Pick<Host, 'request' | 'subscribe' | 'on'>;
  newMessageId: () => MessageId;
  /** Whether a person can see the page now. */
  isVisible: () => boolean;
  /** Something to draw has changed. */
  onChange: () => void;
}

/** What is shown: all messages of the agent, or a channel of its team. */
export type Box = { readonly kind: 'agent' } | { readonly kind: 'channel'; readonly channel: Channel };

export class CommsModel {
  readonly #deps: CommsModelDeps;
  readonly #own: MessagePages;
  readonly #inChannel: MessagePages;
  readonly letter: Letter;
  #agent: Agent | null = null;
  #box: Box = { kind: 'agent' };
  #channels: readonly Channel[] = [];
  #held: readonly HeldItem[] = [];
  #deadLetters: readonly DeadLetter[] = [];
  #isShown = false;
  #arrived: Message | null = null;
  #problem: string | null = null;
  #isLoaded = false;
  readonly #reading = new Set<string>();

  constructor(deps: CommsModelDeps) {
    this.#deps = deps;
    const { host, onChange, newMessageId } = deps;
    const request: Host['request'] = (method, params) => host.request(method, params);
    this.#own = new MessagePages({ onChange, read: (page) => request('message/feed', { agent: this.#agent?.id, ...page }) });
    this.#inChannel = new MessagePages({ onChange, read: (page) => request('channel/history', { ...this.#channelRef(), ...page }) });
    this.letter = new Letter({ request, newMessageId, onChange, onSent: (message) => this.#receive(message) });
  }

  get box(): Box {
    return this.#box;
  }
  get channels(): readonly Channel[] {
    return this.#channels;
  }
  get pages(): MessagePages {
    return this.#box.kind === 'agent' ? this.#own : this.#inChannel;
  }
  /** One sentence about the last thing that was refused. */
  get problem(): string | null {
    return this.#problem ?? this.letter.problem;
  }
  /** Whether what is beside the messages, what is held and what did not arrive, was read too. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }
  get isShown(): boolean {
    return this.#isShown;
  }
  /** Messages of the agent to the person that nobody has read. */
  get unread(): number {
    return this.#unreadMessages().length;
  }
  /** The last message of the agent to the person that came while the page was open. */
  get arrived(): Message | null {
    return this.#arrived;
  }
  /** Held texts of this agent or to it. */
  get held(): readonly HeldItem[] {
    const { name, id } = this.#agent ?? {};
    return this.#held.filter(
      (item) => item.kind === 'message' && ([item.from, item.to].some((party) => party === name || party === id) || this.#own.has(item.id)),
    );
  }
  get deadLetters(): readonly DeadLetter[] {
    const id: string | undefined = this.#agent?.id;
    return this.#deadLetters.filter(({ from, to, settlement }) => settlement === null && (from.id === id || to.id === id));
  }

  /** Listens to the panel; call before `host.start()`. */
  start(): void {
    const { host } = this.#deps;
    host.on('connection', ({ state }) => {
      if (state === 'connected') void this.load();
    });
    host.subscribe('message/changed', ({ message }) => this.#receive(message));
    host.subscribe('screening/changed', ({ items }) => {
      this.#held = items;
      this.#deps.onChange();
    });
    host.subscribe('deadLetter/changed', ({ deadLetter }) => {
      this.#deadLetters = [deadLetter, ...this.#deadLetters.filter(({ id }) => id !== deadLetter.id)];
      this.#deps.onChange();
    });
  }

  /** Called whenever the page shows an agent; loads when it is another one. */
  setAgent(agent: Agent | null): void {
    const isOther = agent?.id !== this.#agent?.id;
    this.#agent = agent;
    if (!isOther) return;
    this.#box = { kind: 'agent' };
    this.#own.clear();
    this.#inChannel.clear();
    this.#channels = [];
    this.#isLoaded = false;
    this.letter.begin('agent');
    if (agent) void this.load();
  }

  /** The tab is in front: what is to be read there counts as read. */
  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    this.look();
  }

  /** The page came into sight. */
  look(): void {
    if (!this.#isShown || !this.#deps.isVisible()) return;
    for (const { id } of this.#unreadMessages()) void this.#read(id);
  }

  async load(): Promise<void> {
    const agent = this.#agent;
    if (!agent) return;
    this.#problem = null;
    await Promise.all([this.#own.load(), this.#box.kind === 'channel' ? this.#inChannel.load() : undefined, this.#loadRest(agent)]);
    if (agent.id === this.#agent?.id) this.#isLoaded = true;
    this.look();
    this.#deps.onChange();
  }

  async showBox(box: Box): Promise<void> {
    this.#box = box;
    this.letter.begin(box.kind);
    this.#inChannel.clear();
    if (box.kind === 'channel') await this.#inChannel.load();
    this.#deps.onChange();
  }

  /** As the person, to the agent or to the channel, or as a reply. */
  send(): Promise<void> {
    const to = this.#box.kind === 'channel' ? `#${this.#box.channel.name}` : this.#agent?.id;
    const team = this.#box.kind === 'channel' ? this.#box.channel.teamId : undefined;
    return to === undefined ? Promise.resolve() : this.letter.send({ to, team });
  }

  settleHeld(item: HeldItem, method: 'screening/release' | 'screening/discard'): Promise<void> {
    return this.#act(async () => {
      await this.#deps.host.request(method, { item: item.id });
      this.#held = this.#held.filter(({ id }) => id !== item.id);
    });
  }

  settleDeadLetter({ id }: DeadLetter, method: 'deadLetter/redeliver' | 'deadLetter/discard'): Promise<void> {
    return this.#act(async () => {
      const settled = await this.#deps.host.request(method, { deadLetter: id });
      this.#deadLetters = this.#deadLetters.map((known) => (known.id === id ? settled : known));
    });
  }

  /** One sentence about what a person asked for and did not get. */
  report(sentence: string): void {
    this.#problem = sentence;
    this.#deps.onChange();
  }

  dismissProblem(): void {
    this.#problem = null;
    this.letter.dismissProblem();
  }

  #receive(message: Message): void {
    const id: string | undefined = this.#agent?.id;
    const parties: (string | undefined)[] = [message.from.id, message.to?.id, ...message.deliveries.map(({ to }) => to.id)];
    if (message.from.id === id && message.deliveries.some(waitsForPerson) && !this.#own.has(message.id)) this.#arrived = message;
    if (id !== undefined && parties.includes(id)) this.#own.put(message);
    if (this.#box.kind === 'channel' && message.channel?.id === this.#box.channel.id) this.#inChannel.put(message);
    this.look();
    this.#deps.onChange();
  }

  #unreadMessages(): Message[] {
    const id: string | undefined = this.#agent?.id;
    return this.#own.messages.filter(({ from, deliveries }) => from.id === id && deliveries.some(waitsForPerson));
  }

  async #read(messageId: string): Promise<void> {
    if (this.#reading.has(messageId)) return;
    this.#reading.add(messageId);
    try {
      this.#own.put(await this.#deps.host.request('message/read', { message: messageId }));
    } catch {
      // It stays unread, and is asked for again at the next look.
    }
    this.#reading.delete(messageId);
    this.#deps.onChange();
  }

  /** What is beside the messages: without it they can still be read. */
  async #loadRest(agent: Agent): Promise<void> {
    const { host } = this.#deps;
    try {
      const [{ items }, { deadLetters }, { profiles }] = await Promise.all([
        host.request('screening/held', {}),
        host.request('deadLetter/list', {}),
        host.request('team/list', {}),
      ]);
      this.#held = items;
      this.#deadLetters = deadLetters;
      const team = profiles.find(({ agentId }) => agentId === agent.id)?.teamId;
      const channels = team === undefined ? [] : (await host.request('channel/list', { team })).channels;
      if (agent.id === this.#agent?.id) this.#channels = channels;
    } catch (error) {
      this.#problem = sentenceOf(error);
    }
  }

  #channelRef(): { channel: string; team?: string } {
    if (this.#box.kind === 'agent') return { channel: '' };
    return { channel: this.#box.channel.id, team: this.#box.channel.teamId };
  }

  async #act(action: () => Promise<unknown>): Promise<void> {
    this.#problem = null;
    try {
      await action();
    } catch (error) {
      this.#problem = sentenceOf(error);
    }
    this.#deps.onChange();
  }
}

function waitsForPerson({ to, state }: Message['deliveries'][number]): boolean {
  return to.id === 'person' && (state === 'queued' || state === 'delivered');
}
