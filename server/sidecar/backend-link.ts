/**
 * The sidecar's way to the backend, whichever process that is now: finds it, greets it, hands it the outbox in order,
 * answers its requests, and begins again when it is lost. One loop drives it, so that there is never a second connection.
 */
import { readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import { NoLineInTime } from '../base/read-line.ts';
import { within } from '../base/within.ts';
import { greet } from '../launch/handshake.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import { AgorError, type ErrorCode } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import { buildId } from '../protocol/health.ts';
import type { SessionId } from '../protocol/ids.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import type { BackendMethod, BackendParams, BackendResult, ProgramChange } from '../protocol/sidecar-wire.ts';
import { type Answers, BackendChannel, type Notifications } from './backend-channel.ts';
import { backoffMs } from './backoff.ts';
import { type DeliveredOutbox, Delivery, type Log } from './delivery.ts';
import { HeldChanges } from './held-changes.ts';

type LinkDeps = {
  readonly outbox: DeliveredOutbox & { readonly poisonedCount: number };
  readonly answers: Answers;
  readonly hello: () => SidecarHello;
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
  /** A backend is there and does not want this sidecar. */
  readonly onRefused: (code: ErrorCode) => void;
  /** Up to here nothing waits for the backend any more. */
  readonly onSettled: (upToSeq: number) => void;
  readonly log: Log;
};

type LinkOptions = {
  /** `run/owner.json`: read anew at every try, because the next backend may listen elsewhere. */
  readonly ownerRecordPath: string;
  /** How soon another backend is noticed while there is none. */
  readonly lookEveryMs?: number;
  readonly pingEveryMs?: number;
  /** A backend that has not answered for this long is given up, even if its socket is open. */
  readonly answerDeadlineMs?: number;
};

export class BackendLink {
  readonly #deps: LinkDeps;
  readonly #options: Required<LinkOptions>;
  readonly #delivery: Delivery;
  readonly #ended = new AbortController();
  readonly #changes = new HeldChanges();
  #greeting: Socket | undefined;
  #channel: BackendChannel | undefined;
  #running: Promise<void> | undefined;
  #fence: Notifications['run/fenced'] | undefined;
  #toldPoisoned = 0;
  #lastProblem = '';

  constructor(deps: LinkDeps, options: LinkOptions) {
    this.#deps = deps;
    this.#options = { lookEveryMs: 200, pingEveryMs: 2_000, answerDeadlineMs: 10_000, ...options };
    this.#delivery = new Delivery({
      outbox: deps.outbox,
      barrierSeq: () => this.#changes.barrierSeq,
      onSettled: () => this.#settled(),
      clock: backgroundClock,
      random: Math.random,
      log: deps.log,
    });
  }

  start(): void {
    this.#delivery.start();
    this.#running ??= this.#run();
  }

  /** Up to where events were sent on this connection; without one, nothing holds streamed text back. */
  sentSeq(): number {
    return this.#delivery.sentSeq;
  }

  /** There may be something new in the outbox. */
  deliver(): void {
    this.#tellDueChanges();
    this.#delivery.drain();
  }

  stream(sessionId: SessionId, event: AgentEvent): void {
    this.#channel?.notify('run/streamed', { sessionId, event });
  }

  /** Rejects with `unavailable` when no backend is there. */
  async request<M extends BackendMethod>(method: M, params: BackendParams<M>): Promise<BackendResult<M>> {
    if (!this.#channel?.isOpen) throw new AgorError('unavailable', 'No backend is there just now.');
    return this.#channel.request(method, params);
  }

  /** Told once the backend has every event that came before it; without a backend, to the next one. */
  tellProgramChanged(change: ProgramChange): void {
    this.#changes.hold(change, this.#deps.outbox.lastSeq);
    this.deliver();
  }

  /** Told at once, and to each backend that comes later: the last one counts. */
  tellFenced(fence: Notifications['run/fenced']): void {
    this.#fence = fence;
    this.#channel?.notify('run/fenced', fence);
  }

  /** Events were set aside, or wait again. */
  tellPoisoned(): void {
    this.#toldPoisoned = this.#deps.outbox.poisonedCount;
    this.#channel?.notify('run/poisoned', { count: this.#toldPoisoned });
  }

  /** Resolves when the backend has taken all there is, or when waiting is over. */
  async drained(withinMs: number): Promise<void> {
    await within(this.#delivery.drained(), withinMs);
  }

  /** Lets answers that are on their way out leave first. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#delivery.stop();
    this.#greeting?.destroy();
    await this.#channel?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#ended.signal.aborted; ) {
      const owner = ownerMark(this.#options.ownerRecordPath);
      const hasFailed = !(await this.#connectOnce());
      failures = hasFailed ? failures + 1 : 0;
      const isAnother = await this.#waitForAnother(owner, reconnectDelayMs(failures, Math.random()));
      if (isAnother) failures = 0;
    }
  }

  /** True as soon as another backend than `owner` says where it listens; false when it is time to try anyway. */
  async #waitForAnother(owner: string, delayMs: number): Promise<boolean> {
    const { ownerRecordPath, lookEveryMs } = this.#options;
    for (let leftMs = delayMs; leftMs > 0 && !this.#ended.signal.aborted; leftMs -= lookEveryMs) {
      await delay(Math.min(leftMs, lookEveryMs), this.#ended.signal);
      if (ownerMark(ownerRecordPath) !== owner) return true;
    }
    return false;
  }

  /**
   * Resolves when the connection is over; false when there was none. A backend that hangs is asked again at once, which
   * takes its time by itself: it answers as soon as it goes on, and must not have to wait for this sidecar then.
   */
  async #connectOnce(): Promise<boolean> {
    try {
      const reached = await this.#reach();
      if (!reached) return false;
      await this.#serve(reached);
      return true;
    } catch (error) {
      this.#tellOnce('the backend cannot be reached', error instanceof AgorError ? `${error.code}: ${error.message}` : String(error));
      return error instanceof AgorError && error.cause instanceof NoLineInTime;
    }
  }

  async #reach(): Promise<Reached | null> {
    const socket = await openSocket(readSocketPath(this.#options.ownerRecordPath), this.#options.answerDeadlineMs);
    this.#greeting = socket;
    const reply = await greet(socket, this.#deps.hello()).finally(() => {
      this.#greeting = undefined;
    });
    if (reply.ok && !this.#ended.signal.aborted) return { socket, build: buildId(reply.build) };
    socket.destroy();
    if (!reply.ok) {
      this.#tellOnce('the backend refuses this sidecar', `${reply.code}: ${reply.message}`);
      this.#deps.onRefused(reply.code);
    }
    return null;
  }

  async #serve({ socket, build }: Reached): Promise<void> {
    const { answers, log } = this.#deps;
    const channel = new BackendChannel({ socket, answers, log: (message, fields) => log('warn', message, fields) }, this.#options);
    this.#channel = channel;
    this.#lastProblem = '';
    log('info', 'connected to the backend');
    // Before what was under way is given up: then nobody waits for this one any more.
    socket.once('close', () => this.#delivery.disconnected());
    const served = channel.serve();
    this.#tellState();
    this.#delivery.connected({ send: (events) => channel.append(events), build });
    this.#deps.onConnected();
    const reason = await served;
    this.#channel = undefined;
    this.#delivery.disconnected();
    log('info', 'the backend is gone', { reason });
    this.#deps.onDisconnected();
  }

  /** What the backend that was just reached cannot know. */
  #tellState(): void {
    this.#tellDueChanges();
    if (this.#fence) this.tellFenced(this.#fence);
    if (this.#deps.outbox.poisonedCount > 0) this.tellPoisoned();
  }

  #settled(): void {
    this.#deps.onSettled(this.#deps.outbox.ackedSeq);
    this.#tellDueChanges();
    if (this.#deps.outbox.poisonedCount !== this.#toldPoisoned) this.tellPoisoned();
  }

  /** The next connection tells those that become due while there is none. */
  #tellDueChanges(): void {
    if (!this.#channel?.isOpen) return;
    for (const change of this.#changes.takeDue(this.#deps.outbox.ackedSeq)) this.#channel.notify('run/programChanged', change);
  }

  /** An outage of hours is one line in the log, not thousands. */
  #tellOnce(message: string, problem: string): void {
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#deps.log('info', message, { problem });
  }
}

type Reached = { readonly socket: Socket; readonly build: string };

const firstDelayMs = 100;

/** What waits for a backend keeps no process alive by itself. */
const backgroundClock: Pick<Clock, 'now' | 'after'> = {
  now: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A connection that was lost is tried again at once; what then fails, after growing pauses. */
export function reconnectDelayMs(failures: number, random: number): number {
  return failures === 0 ? firstDelayMs : backoffMs(failures, random);
}

/** Changes when another backend has written where it listens. */
function ownerMark(ownerRecordPath: string): string {
  const found = statSync(ownerRecordPath, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs}` : '';
}

function readSocketPath(ownerRecordPath: string): string {
  try {
    return OwnerRecord.parse(JSON.parse(readFileSync(ownerRecordPath, 'utf8'))).socketPath;
  } catch (cause) {
    throw new AgorError('unavailable', 'No backend has written where it listens.', { cause });
  }
}

/** Connecting to a stopped process succeeds, and to one whose queue is full may hang: hence the deadline. */
function openSocket(path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(new Error('connecting took too long')), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Stays for the socket's life: a later ECONNRESET is no news, its close tells.
    socket.on('error', (cause) => {
      clearTimeout(timer);
      reject(new AgorError('unavailable', `No backend answers at ${path} (${cause.message}).`, { cause }));
    });
  });
}
