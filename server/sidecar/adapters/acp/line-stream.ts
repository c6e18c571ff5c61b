/**
 * The agent's lines as the message stream of the ACP library. Lines come bounded from the program's splitter. What is
 * no JSON-RPC message is put aside and never answered: programs print banners and logs where only messages belong.
 */
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import type { LinePlace } from '../../../base/line-splitter.ts';
import { frameError, misfitError, type ProtocolError, readFrame } from '../../agent-frame.ts';

type LineStreamHandlers = {
  readonly writeLine: (line: string) => Promise<void>;
  /**
   * The params of each `session/update`, in order and before any later answer: the library would hand them on some
   * turns of the event loop later, and complain of kinds that it does not know.
   */
  readonly onUpdate: (params: unknown) => void;
  readonly onStrangeLine: (line: string, error: ProtocolError) => void;
};

export class LineStream {
  readonly stream: Stream;
  readonly #handlers: LineStreamHandlers;
  /** The calls of ours that wait for an answer: any other answer is none. */
  readonly #calls = new Set<unknown>();
  #controller: ReadableStreamDefaultController<AnyMessage> | null = null;

  constructor(handlers: LineStreamHandlers) {
    this.#handlers = handlers;
    this.stream = {
      readable: new ReadableStream<AnyMessage>({
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#controller = null;
        },
      }),
      writable: new WritableStream<AnyMessage>({
        write: (message) => {
          if ('method' in message && 'id' in message) this.#calls.add(message.id);
          return handlers.writeLine(JSON.stringify(message));
        },
      }),
    };
  }

  receive(line: string, place: LinePlace): void {
    if (line.trim() === '') return;
    const frame = readFrame(line);
    if (!frame.isFrame) return this.#handlers.onStrangeLine(line, frameError(frame.problem, place));
    if (!this.#isMessage(frame.value)) return this.#handlers.onStrangeLine(line, misfitError(line, place));
    if ('method' in frame.value && frame.value.method === 'session/update') this.#handlers.onUpdate(frame.value.params);
    else this.#controller?.enqueue(frame.value);
  }

  end(): void {
    this.#controller?.close();
    this.#controller = null;
  }

  /** A call, a notification, or the answer to a call of ours. Anything else is somebody's log line, or a lie. */
  #isMessage(value: unknown): value is AnyMessage {
    if (typeof value !== 'object' || value === null || !('jsonrpc' in value) || value.jsonrpc !== '2.0') return false;
    if ('method' in value) return isCall(value);
    return 'id' in value && ('result' in value || 'error' in value) && this.#calls.delete(value.id);
  }
}

/** In JSON-RPC's own terms; the params of a call are for the library to check. */
function isCall(value: object): value is AnyMessage {
  if (!('method' in value) || typeof value.method !== 'string') return false;
  return !('id' in value) || value.id === null || typeof value.id === 'string' || typeof value.id === 'number';
}
