/** A backend as a sidecar sees it: a socket, the handshake, and a ledger of what was taken that outlives any one of them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import type * as z from 'zod/mini';
import { dataPaths } from '../../server/base/data-paths.ts';
import { Emitter } from '../../server/base/emitter.ts';
import { readLine } from '../../server/base/read-line.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { type HelloReply, NumberedEvent, SidecarHello } from '../../server/protocol/handshake.ts';
import type { BuildInfo } from '../../server/protocol/health.ts';
import {
  type AppendAnswer,
  backendRequests,
  type SidecarMethod,
  type SidecarParams,
  type SidecarResult,
  sidecarNotifications,
} from '../../server/protocol/sidecar-wire.ts';

type ProgramChange = z.infer<(typeof sidecarNotifications)['run/programChanged']>;

const patienceMs = 20_000;

/** What a backend has on its disk, and what it heard besides. */
export class IntakeLedger {
  readonly events: NumberedEvent[] = [];
  readonly repeatedSeqs: number[] = [];
  readonly fences: unknown[] = [];
  /** How many events a sidecar said it had set aside, each time that it said so. */
  readonly poisoned: number[] = [];
  readonly #keys = new Set<string>();
  #ackedSeq = 0;
  readonly streamed: AgentEvent[] = [];
  readonly programChanges: ProgramChange[] = [];
  readonly changed = new Emitter<void>();
  /** Events and program changes in the order in which they came to be known. */
  readonly heard: string[] = [];

  get ackedSeq(): number {
    return this.#ackedSeq;
  }

  /** Each once, by its key or, without one, by its number. */
  take(events: readonly NumberedEvent[]): void {
    for (const event of events) {
      if (event.seq > this.#ackedSeq && !this.#keys.has(event.key ?? '')) {
        this.events.push(event);
        this.heard.push(`event ${event.seq}`);
      } else this.repeatedSeqs.push(event.seq);
      if (event.key !== undefined) this.#keys.add(event.key);
      this.#ackedSeq = Math.max(this.#ackedSeq, event.seq);
    }
    this.changed.emit();
  }

  /** As a backend answers a sidecar. */
  answer(sent: readonly unknown[]): AppendAnswer {
    this.take(sent.map((event) => NumberedEvent.parse(event)));
    return { ackedSeq: this.#ackedSeq };
  }

  ofType<T extends AgentEvent['type']>(type: T): Extract<AgentEvent, { type: T }>[] {
    return this.events.map(({ event }) => event).filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);
  }

  /** Resolves with what `find` gives as soon as it gives something. */
  async until<T>(what: string, find: () => T | undefined | false): Promise<T> {
    const found = find();
    if (found !== undefined && found !== false) return found;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(new Error(`waited in vain for ${what}; have ${this.summary()}`))), patienceMs);
      const stop = this.changed.on(() => {
        const now = find();
        if (now !== undefined && now !== false) settle(() => resolve(now));
      });
      const settle = (done: () => void) => {
        clearTimeout(timer);
        stop();
        done();
      };
    });
  }

  summary(): string {
    return this.events.map(({ seq, event }) => `${seq}:${event.type}`).join(' ');
  }
}

export type FakeBackendOptions = {
  readonly dataDir: string;
  readonly ledger: IntakeLedger;
  readonly name?: string;
  readonly refuseWith?: Extract<HelloReply, { ok: false }>;
  /** Takes events but answers nothing, as a hung process does. */
  readonly isDeaf?: boolean;
  /** Never says what waits for the agent. */
  readonly isSilentAboutMail?: boolean;
  /** Answers an append only when this is settled, and has taken nothing before. */
  readonly beforeAck?: () => Promise<void>;
  /** Throws what it answers instead of taking anything. */
  readonly cannotKeep?: () => void;
  /** Why it does not take an event. */
  readonly refuses?: (event: NumberedEvent) => Omit<Refused, 'seq'> | undefined;
  readonly build?: BuildInfo;
};

type Refused = NonNullable<AppendAnswer['refused']>[number];

const build = { version: '0.0.0', gitSha: 'test', buildTime: 0, nodeVersion: process.version };

export class FakeBackend {
  readonly hellos: SidecarHello[] = [];
  readonly #options: FakeBackendOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #rpc: MessageConnection | undefined;
  #openConnections = 0;
  #isKilled = false;
  mostConnections = 0;

  constructor(options: FakeBackendOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get ledger(): IntakeLedger {
    return this.#options.ledger;
  }

  async listen(): Promise<this> {
    const { dataDir, name = 'backend' } = this.#options;
    const paths = dataPaths(dataDir);
    mkdirSync(paths.run, { recursive: true });
    const socketPath = join(paths.run, `${name}.sock`);
    rmSync(socketPath, { force: true });
    await new Promise<void>((resolve) => {
      this.#server.listen(socketPath, resolve);
    });
    const record = { pid: process.pid, startTime: '1', bootId: '', build, socketPath, startedAt: Date.now() };
    writeFileSync(paths.ownerRecord, JSON.stringify(record));
    return this;
  }

  /** Gone at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  connected(): Promise<SidecarHello> {
    return this.ledger.until('a sidecar that connects', () => (this.#rpc ? this.hellos.at(-1) : undefined));
  }

  async call<M extends SidecarMethod>(method: M, params: SidecarParams<M>): Promise<SidecarResult<M>> {
    if (!this.#rpc) throw new Error('no sidecar is connected');
    return this.#rpc.sendRequest(method, params);
  }

  async #accept(socket: Socket): Promise<void> {
    // It was on its way in when this backend died.
    if (this.#isKilled) return void socket.destroy();
    this.#sockets.add(socket);
    this.#openConnections += 1;
    this.mostConnections = Math.max(this.mostConnections, this.#openConnections);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#openConnections -= 1;
    });
    const line = await readLine(socket, { timeoutMs: 5_000, maxBytes: 64 * 1024 }).catch(() => undefined);
    if (line === undefined) return;
    this.hellos.push(SidecarHello.parse(JSON.parse(line)));
    const reply: HelloReply = this.#options.refuseWith ?? { ok: true, pid: process.pid, build: this.#options.build ?? build };
    socket.write(`${JSON.stringify(reply)}\n`);
    if (!reply.ok) {
      socket.end();
      this.ledger.changed.emit();
      return;
    }
    this.#serve(socket);
  }

  #serve(socket: Socket): void {
    const reader = new SocketMessageReader(socket);
    // Its timer would outlive a connection that breaks in the middle of a message, and the test with it.
    reader.partialMessageTimeout = 0;
    const rpc = createMessageConnection(reader, new SocketMessageWriter(socket));
    rpc.onRequest('run/append', (params: unknown) => this.#append(params));
    rpc.onNotification('run/streamed', (params: unknown) => {
      this.ledger.streamed.push(sidecarNotifications['run/streamed'].parse(params).event);
      this.ledger.changed.emit();
    });
    rpc.onNotification('run/programChanged', (params: unknown) => {
      const change = sidecarNotifications['run/programChanged'].parse(params);
      this.ledger.programChanges.push(change);
      this.ledger.heard.push(`program ${change.programPid}`);
      this.ledger.changed.emit();
    });
    rpc.onNotification('run/fenced', (params: unknown) => {
      this.ledger.fences.push(sidecarNotifications['run/fenced'].parse(params));
      this.ledger.changed.emit();
    });
    rpc.onNotification('run/poisoned', (params: unknown) => {
      this.ledger.poisoned.push(sidecarNotifications['run/poisoned'].parse(params).count);
      this.ledger.changed.emit();
    });
    if (this.#options.isSilentAboutMail) rpc.onRequest('run/mail', () => new Promise(() => {}));
    rpc.onError(() => {});
    rpc.listen();
    socket.resume();
    socket.on('close', () => {
      if (this.#rpc === rpc) this.#rpc = undefined;
      rpc.dispose();
      this.ledger.changed.emit();
    });
    this.#rpc = rpc;
    this.ledger.changed.emit();
  }

  async #append(params: unknown): Promise<unknown> {
    if (this.#options.isDeaf) return new Promise(() => {});
    await this.#options.beforeAck?.();
    if (this.#isKilled) return new Promise(() => {});
    this.#options.cannotKeep?.();
    const { events } = backendRequests['run/append'].params.parse(params);
    return this.#answer(events.map((event) => NumberedEvent.parse(event)));
  }

  /** Up to the first that it refuses, and the others of unknown kinds are named as well. */
  #answer(events: readonly NumberedEvent[]): AppendAnswer {
    const refused = events.flatMap((event): Refused[] => {
      const refusal = this.#options.refuses?.(event);
      return refusal ? [{ seq: event.seq, ...refusal }] : [];
    });
    const [first] = refused;
    this.ledger.take(events.filter(({ seq }) => seq < (first?.seq ?? Number.POSITIVE_INFINITY)));
    if (!first) return { ackedSeq: this.ledger.ackedSeq };
    return { ackedSeq: this.ledger.ackedSeq, refused: [first, ...refused.slice(1).filter(({ reason }) => reason === 'unsupported')] };
  }
}
