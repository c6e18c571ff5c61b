/**
 * The sidecar's way to the backend, whichever process that is now: finds it, greets it, hands it the outbox in order,
 * answers its requests, and begins again when it is lost. One loop drives it, so that there is never a second connection.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { delay } from '../base/delay.ts';
import { within } from '../base/within.ts';
import { greet } from '../launch/handshake.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import { AgorError, type ErrorCode } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { SessionId } from '../protocol/ids.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import type { ProgramChange } from '../protocol/sidecar-wire.ts';
import { type Answers, BackendChannel, type DeliveredOutbox } from './backend-channel.ts';
import { HeldChanges } from './held-changes.ts';

type LinkDeps = {
  readonly outbox: DeliveredOutbox;
  readonly answers: Answers;
  readonly hello: () => SidecarHello;
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
  /** A backend is there and does not want this sidecar. */
  readonly onRefused: (code: ErrorCode) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

type LinkOptions = {
  /** `run/owner.json`: read anew at every try, because the next backend may listen elsewhere. */
  readonly ownerRecordPath: string;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
  readonly pingEveryMs?: number;
  /** A backend that has not answered for this long is given up, even if its socket is open. */
  readonly answerDeadlineMs?: number;
};

export class BackendLink {
  readonly #deps: LinkDeps;
  readonly #options: Required<LinkOptions>;
  readonly #ended = new AbortController();
  readonly #changes = new HeldChanges();
  #greeting: Socket | undefined;
  #channel: BackendChannel | undefined;
  #running: Promise<void> | undefined;
  #lastProblem = '';

  constructor(deps: LinkDeps, options: LinkOptions) {
    this.#deps = deps;
    this.#options = { firstDelayMs: 100, longestDelayMs: 2_000, pingEveryMs: 2_000, answerDeadlineMs: 10_000, ...options };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Up to where events were sent on this connection; without one, nothing holds streamed text back. */
  sentSeq(): number {
    return this.#channel?.sentSeq ?? Number.POSITIVE_INFINITY;
  }

  /** There may be something new in the outbox. */
  deliver(): void {
    this.#channel?.deliver();
  }

  stream(sessionId: SessionId, event: AgentEvent): void {
    this.#channel?.notify('run/streamed', { sessionId, event });
  }

  /** Told once the backend has every event that came before it; without a backend, to the next one. */
  tellProgramChanged(change: ProgramChange): void {
    this.#changes.hold(change, this.#deps.outbox.lastSeq);
    this.#channel?.deliver();
  }

  /** Resolves when the backend has taken all there is, or when waiting is over. */
  async drained(withinMs: number): Promise<void> {
    await within(Promise.resolve(this.#channel?.drained()), withinMs);
  }

  /** Lets answers that are on their way out leave first. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#greeting?.destroy();
    await this.#channel?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#ended.signal.aborted; ) {
      const wasConnected = await this.#connectOnce();
      failures = wasConnected ? 0 : failures + 1;
      if (this.#ended.signal.aborted) return;
      await delay(reconnectDelayMs(failures, this.#options, Math.random()), this.#ended.signal);
    }
  }

  /** Resolves when the connection is over; false when there was none. */
  async #connectOnce(): Promise<boolean> {
    try {
      const socket = await this.#reach();
      if (!socket) return false;
      await this.#serve(socket);
      return true;
    } catch (error) {
      this.#tellOnce('the backend cannot be reached', error instanceof AgorError ? `${error.code}: ${error.message}` : String(error));
      return false;
    }
  }

  async #reach(): Promise<Socket | null> {
    const socket = await openSocket(readSocketPath(this.#options.ownerRecordPath), this.#options.answerDeadlineMs);
    this.#greeting = socket;
    const reply = await greet(socket, this.#deps.hello()).finally(() => {
      this.#greeting = undefined;
    });
    if (reply.ok && !this.#ended.signal.aborted) return socket;
    socket.destroy();
    if (!reply.ok) {
      this.#tellOnce('the backend refuses this sidecar', `${reply.code}: ${reply.message}`);
      this.#deps.onRefused(reply.code);
    }
    return null;
  }

  async #serve(socket: Socket): Promise<void> {
    const { outbox, answers, log } = this.#deps;
    const channel = new BackendChannel({ socket, outbox, answers, changes: this.#changes, log }, this.#options);
    this.#channel = channel;
    this.#lastProblem = '';
    log('connected to the backend');
    const served = channel.serve();
    this.#deps.onConnected();
    const reason = await served;
    this.#channel = undefined;
    log('the backend is gone', { reason });
    this.#deps.onDisconnected();
  }

  /** An outage of hours is one line in the log, not thousands. */
  #tellOnce(message: string, problem: string): void {
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#deps.log(message, { problem });
  }
}

/** Doubles from the first delay to the longest; up to a fifth less, so that many sidecars do not all come at once. */
export function reconnectDelayMs(
  failures: number,
  options: { readonly firstDelayMs: number; readonly longestDelayMs: number },
  random: number,
): number {
  const fullMs = Math.min(options.longestDelayMs, options.firstDelayMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return fullMs * (1 - 0.2 * random);
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
