/** A conversation with one agent of a real backend: what the cases of the suite say, wait for and look at. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Decision, Failure } from '../../server/protocol/agent-event.ts';
import type { FormValues } from '../../server/protocol/form.ts';
import type { Result } from '../../server/protocol/requests.ts';
import type { Item } from '../../server/protocol/session.ts';
import type { CuttablePort } from '../support/cuttable-port.ts';
import { Followed, type LiveBackend } from '../support/live-backend.ts';
import type { StandIn } from '../support/model-server.ts';
import { makeBuild } from '../support/other-build.ts';
import type { AgentDriver } from './driver.ts';

type ItemOf<K extends Item['kind']> = Item & { readonly kind: K };

/** What the stand-in does, as a case sets it. */
export type ModelMood = {
  accepts: boolean;
  pace: (part: number) => Promise<void>;
  errorBody: object | null;
};

export type TalkParts = {
  readonly driver: AgentDriver;
  readonly backend: LiveBackend;
  readonly connection: Connection;
  /** The build that it is had over. */
  readonly distDir: string | undefined;
  readonly agent: Agent;
  /** As they were given when it was added. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly model: StandIn | null;
  readonly mood: ModelMood;
  readonly network: CuttablePort | null;
};

/** Programs that try again by themselves without a word take more than a minute over it. */
const patienceMs = 150_000;

export class Talk {
  readonly driver: AgentDriver;
  readonly mood: ModelMood;
  readonly model: StandIn | null;
  readonly network: CuttablePort | null;
  readonly #backend: LiveBackend;
  readonly #agent: Agent;
  readonly #secrets: TalkParts['secrets'];
  readonly #distDir: string | undefined;
  #connection: Connection;
  #session: Followed | null = null;
  /** Of the last item that was there before the last prompt. */
  #from = 0;
  #requestsBefore = 0;

  constructor({ driver, backend, connection, distDir, agent, secrets, model, mood, network }: TalkParts) {
    this.driver = driver;
    this.#connection = connection;
    this.#distDir = distDir;
    this.mood = mood;
    this.model = model;
    this.network = network;
    this.#backend = backend;
    this.#agent = agent;
    this.#secrets = secrets;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Goes on over a build that is newer by its date, and otherwise the same. */
  async upgrade(): Promise<void> {
    const newer = await makeBuild(this.#backend.root, { name: 'newer', later: 1 }, this.#distDir);
    this.#connection = await this.#backend.connect(newer);
    const { sessionId } = await this.agent();
    this.#session = sessionId === null ? null : await Followed.session(this.#connection, sessionId);
  }

  /** The agent as it is now. */
  async agent(): Promise<Agent> {
    const found = (await this.connection.call('agent/list', {})).agents.find(({ id }) => id === this.#agent.id);
    if (found === undefined) throw new Error('The agent of this conversation is gone.');
    return found;
  }

  /** An agent whose key was refused waits for one; the same is given again, as by a person whose service let it in anew. */
  async giveKeyIfWanted(): Promise<void> {
    const { state } = await this.agent();
    if (state === 'waitingForCredentials') await this.connection.call('agent/start', { agent: this.#agent.id, secrets: this.#secrets });
  }

  /** Said, and not waited for. */
  async say(text: string): Promise<void> {
    this.#requestsBefore = this.model?.bodies.length ?? 0;
    this.#from = this.#session?.ordered().at(-1)?.ordinal ?? 0;
    const { sessionId } = await this.connection.call('agent/prompt', { agent: this.#agent.id, text });
    this.#session ??= await Followed.session(this.connection, sessionId);
  }

  /** Said into the turn that runs. */
  async into(text: string): Promise<Result<'agent/steer'>> {
    const { promptId } = await this.connection.call('agent/prompt', { agent: this.#agent.id, text });
    return this.connection.call('agent/steer', { agent: this.#agent.id, promptId });
  }

  /** What came since the last prompt. */
  items<K extends Item['kind']>(kind: K): ItemOf<K>[] {
    const items = this.#session?.ordered().filter(({ ordinal }) => ordinal > this.#from) ?? [];
    return items.filter((item): item is ItemOf<K> => item.kind === kind);
  }

  text(): string {
    return this.items('text')
      .map(({ text }) => text)
      .join('\n');
  }

  /** The first item since the last prompt that fits. */
  async next<K extends Item['kind']>(kind: K, fits: (item: ItemOf<K>) => boolean = () => true): Promise<ItemOf<K>> {
    const find = () => this.items(kind).find(fits);
    await this.#until(`an item ${kind}`, () => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error(`The item ${kind} is gone again.`);
    return found;
  }

  end(): Promise<ItemOf<'turnEnd'>> {
    return this.next('turnEnd');
  }

  async turn(text: string): Promise<ItemOf<'turnEnd'>> {
    await this.say(text);
    return this.end();
  }

  question(): Promise<ItemOf<'permission'>> {
    return this.next('permission', ({ state }) => state === 'open');
  }

  async answer({ approvalId, hash }: ItemOf<'permission'>, decision: Decision, values?: FormValues): Promise<void> {
    await this.connection.call('approval/answer', { approval: approvalId, decision, hash, ...(values && { values }) });
  }

  async interrupt(): Promise<ItemOf<'turnEnd'>> {
    await this.connection.call('agent/interrupt', { agent: this.#agent.id });
    return this.end();
  }

  /** The first failure that the person is told of, at the end of the turn or while it is tried again; then it is over. */
  async failure(): Promise<Failure> {
    const find = () => {
      const told = this.items('notice').find(({ retry }) => retry !== undefined)?.retry?.failure;
      return this.items('turnEnd')[0]?.failure ?? told ?? null;
    };
    const isOver = () => this.items('turnEnd').length > 0;
    await this.#until('a failure', () => find() !== null || isOver());
    const failure = find();
    if (failure === null) throw new Error(`The turn ended without a failure: ${this.seen()}`);
    if (!isOver()) await this.interrupt();
    return failure;
  }

  hasMade(): boolean {
    return existsSync(join(this.#backend.project, this.driver.words.made));
  }

  /** What the program has sent to its model since the last prompt, side requests for a title and the like included. */
  requests(): string {
    return JSON.stringify(this.model?.bodies.slice(this.#requestsBefore) ?? []);
  }

  async kill(): Promise<void> {
    const { runtime } = await this.agent();
    if (runtime?.programPid == null) throw new Error('The agent has no program to kill.');
    process.kill(runtime.programPid, 'SIGKILL');
  }

  seen(): string {
    const items = this.#session?.ordered().filter(({ ordinal }) => ordinal > this.#from) ?? [];
    return JSON.stringify(items.map(({ id: _, turnId: __, at: ___, ...rest }) => rest)).slice(0, 3_000);
  }

  async #until(what: string, claim: () => boolean): Promise<void> {
    const session = this.#session;
    if (session === null) throw new Error('Nothing was said yet.');
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`${what} did not come; seen: ${this.seen()}`)), patienceMs);
    try {
      await Promise.race([session.until(claim), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
