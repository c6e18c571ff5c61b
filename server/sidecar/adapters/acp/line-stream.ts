/**
 * The agent's lines as the message stream of the ACP library. Lines come bounded from the program's splitter. What is
 * no JSON-RPC message is put aside and never answered: programs print banners and logs where only messages belong.
 */
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';

type LineStreamHandlers = {
  readonly writeLine: (line: string) => Promise<void>;
  /**
   * The params of each `session/update`, in order and before any later answer: the library would hand them on some
   * turns of the event loop later, and complain of kinds that it does not know.
   */
  readonly onUpdate: (params: unknown) => void;
  readonly onStrangeLine: (line: string) => void;
};

export class LineStream {
  readonly stream: Stream;
  readonly #handlers: LineStreamHandlers;
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
      writable: new WritableStream<AnyMessage>({ write: (message) => handlers.writeLine(JSON.stringify(message)) }),
    };
  }

  receive(line: string): void {
    if (line.trim() === '') return;
    const message = parsedMessage(line);
    if (message === undefined) this.#handlers.onStrangeLine(line);
    else if ('method' in message && message.method === 'session/update') this.#handlers.onUpdate(message.params);
    else this.#controller?.enqueue(message);
  }

  end(): void {
    this.#controller?.close();
    this.#controller = null;
  }
}

function parsedMessage(line: string): AnyMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // The library checks the rest of it; without the version mark it is somebody's log line.
    return typeof value === 'object' && value !== null && 'jsonrpc' in value ? (value as AnyMessage) : undefined;
  } catch {
    // Not JSON: the caller is told by the missing value.
    return undefined;
  }
}
