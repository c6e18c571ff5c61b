/**
 * One connection to one backend after the handshake: JSON-RPC both ways, and a watch over whether the other side still
 * answers, because a channel can go deaf without closing.
 */
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  createMessageConnection,
  type Message,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type * as z from 'zod/mini';
import { delay } from '../base/delay.ts';
import { newId } from '../base/uuid.ts';
import { AgorError, ErrorData, rpcErrorCode } from '../protocol/errors.ts';
import {
  type AppendAnswer,
  type BackendMethod,
  type BackendParams,
  type BackendResult,
  backendRequests,
  type SidecarMethod,
  type SidecarParams,
  type SidecarResult,
  type sidecarNotifications,
  sidecarRequests,
} from '../protocol/sidecar-wire.ts';
import type { SentEvent } from './sent-events.ts';

export type Answers = { readonly [M in SidecarMethod]: (params: SidecarParams<M>) => Promise<SidecarResult<M>> | SidecarResult<M> };

export type Notifications = { [N in keyof typeof sidecarNotifications]: z.infer<(typeof sidecarNotifications)[N]> };

type ChannelDeps = {
  readonly socket: Socket;
  readonly answers: Answers;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

type ChannelOptions = { readonly pingEveryMs: number; readonly answerDeadlineMs: number };

export class BackendChannel {
  readonly #deps: ChannelDeps;
  readonly #options: ChannelOptions;
  readonly #rpc: MessageConnection;
  readonly #writer: TrackedWriter;
  readonly #closed = new AbortController();
  #appending = 0;
  #answeredAt = performance.now();
  #reason = 'the backend closed the connection';

  constructor(deps: ChannelDeps, options: ChannelOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#writer = new TrackedWriter(deps.socket);
    const reader = new StreamMessageReader(deps.socket);
    // Its watch over half messages goes on for ever when the connection breaks in one; ours is the ping.
    reader.partialMessageTimeout = 0;
    this.#rpc = createMessageConnection(reader, this.#writer);
  }

  get isOpen(): boolean {
    return !this.#closed.signal.aborted && !this.#deps.socket.destroyed;
  }

  /** Resolves with the reason when the connection is over. */
  async serve(): Promise<string> {
    const { socket } = this.#deps;
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      if (socket.destroyed) resolve();
    });
    this.#answerRequests();
    this.#rpc.onError(([error]) => this.#giveUp(`the channel failed: ${error.message}`));
    this.#rpc.listen();
    socket.resume();
    const pings = setInterval(() => this.#ping(), this.#options.pingEveryMs);
    await closed;
    clearInterval(pings);
    this.#closed.abort();
    this.#rpc.dispose();
    return this.#reason;
  }

  /**
   * Rejects when the backend did not answer, or answered that it keeps nothing now. Any answer, a refusal too, shows
   * that it is there; one that does not answer in time is given up.
   */
  async append(events: readonly SentEvent[]): Promise<AppendAnswer> {
    const overdue = setTimeout(() => this.#giveUp('it did not answer in time'), this.#options.answerDeadlineMs);
    this.#appending += 1;
    try {
      const answer: unknown = await this.#rpc.sendRequest('run/append', { events });
      return backendRequests['run/append'].result.parse(answer);
    } finally {
      clearTimeout(overdue);
      this.#appending -= 1;
      this.#answeredAt = performance.now();
    }
  }

  /** Rejects with what the backend refuses, or with `unavailable` when it went away before it answered. */
  async request<M extends BackendMethod>(method: M, params: BackendParams<M>): Promise<BackendResult<M>> {
    const ask = async (): Promise<unknown> => this.#rpc.sendRequest(method, params);
    const answer = await ask().catch((error: unknown) => {
      throw asAgorError(error);
    });
    // The result schema of `method` is the one its caller was promised.
    return backendRequests[method].result.parse(answer) as BackendResult<M>;
  }

  notify<N extends keyof Notifications>(method: N, params: Notifications[N]): void {
    // A rejection means that the connection is over, which `serve` tells.
    this.#rpc.sendNotification(method, params).catch(() => {});
  }

  /** Ends the connection after the answers that were given have left. */
  async end(): Promise<void> {
    const { socket } = this.#deps;
    this.#reason = 'the sidecar ends';
    const cutOff = setTimeout(() => socket.destroy(), 1_000);
    // An answer given just now reaches the writer before the next turn of the loop.
    await setImmediate();
    await this.#writer.lastWrite;
    socket.end();
    while (!this.#closed.signal.aborted) await delay(5, this.#closed.signal);
    clearTimeout(cutOff);
  }

  #giveUp(reason: string): void {
    this.#reason = reason;
    this.#deps.socket.destroy();
  }

  /** An empty append asks whether the backend still answers. */
  #ping(): void {
    if (this.#appending > 0 || performance.now() - this.#answeredAt < this.#options.pingEveryMs) return;
    // A refusal is an answer too, and silence ends the connection by itself.
    this.append([]).catch(() => {});
  }

  #answerRequests(): void {
    for (const method of Object.keys(sidecarRequests)) {
      // The keys of the table are exactly its methods.
      this.#answer(method as SidecarMethod);
    }
  }

  #answer<M extends SidecarMethod>(method: M): void {
    this.#rpc.onRequest(method, async (raw: unknown) => {
      const parsed = sidecarRequests[method].params.safeParse(raw);
      if (!parsed.success) return refusal(new AgorError('badRequest', `${method}: ${parsed.error.issues[0]?.message ?? 'bad params'}`));
      try {
        // The schema that was looked up by `method` gives the params of the same method.
        return await this.#deps.answers[method](parsed.data as SidecarParams<M>);
      } catch (error) {
        if (error instanceof AgorError) return refusal(error);
        const id = newId<string>();
        this.#deps.log('a request of the backend failed', {
          method,
          errorId: id,
          error: error instanceof Error ? error.stack : String(error),
        });
        return refusal(new AgorError('internal', `The sidecar failed at ${method}; its log has it under ${id}.`));
      }
    });
  }
}

/** Knows when the last message was handed to the socket. */
class TrackedWriter extends StreamMessageWriter {
  lastWrite: Promise<void> = Promise.resolve();

  override write(message: Message): Promise<void> {
    const written = super.write(message);
    // A failed write is told to whoever sent the message; here only its end counts.
    this.lastWrite = written.catch(() => {});
    return written;
  }
}

function asAgorError(cause: unknown): AgorError {
  const data = cause instanceof ResponseError ? ErrorData.safeParse(cause.data) : undefined;
  if (cause instanceof ResponseError && data?.success) return new AgorError(data.data.code, cause.message, { cause });
  return new AgorError('unavailable', 'The backend went away before it answered.', { cause });
}

function refusal(error: AgorError): ResponseError<{ code: string }> {
  return new ResponseError(rpcErrorCode, error.message, { code: error.code });
}
