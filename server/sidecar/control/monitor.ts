/**
 * The live stream for a person's tools: first where the agent stands, then everything it does, as it happens. Whoever
 * reads too slowly is cut off and told why; the agent never waits for a reader.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { visibleJson } from '../../base/visible-json.ts';
import type { MonitorLine } from '../../protocol/monitor.ts';
import { Refused } from './request-check.ts';

type MonitorOptions = {
  /** More than the largest event there is: a reader that keeps up is never behind by so much. */
  readonly mostWaitingBytes?: number;
  /** How long a reader that was told to go may take to hear it. */
  readonly goodbyeMs?: number;
};

const mostReaders = 8;
/** Nothing is expected from a reader. */
const mostReadBytes = 1_024;
/** Short: the sidecar does not end before. */
const closingMs = 500;
const theEnd = { code: 1001, reason: 'The agent ends.' };
const tooSlow = { code: 1013, reason: 'You read too slowly, and part of the stream would be missing. Connect again.' };

type Goodbye = { readonly code: number; readonly reason: string; readonly withinMs: number };

export class Monitor {
  readonly #snapshot: () => MonitorLine;
  readonly #mostWaitingBytes: number;
  readonly #goodbyeMs: number;
  readonly #readers = new Set<WebSocket>();
  #upgrades: Promise<WebSocketServer> | undefined;
  #isClosed = false;

  constructor(snapshot: () => MonitorLine, { mostWaitingBytes = 8 * 1024 * 1024, goodbyeMs = 5_000 }: MonitorOptions = {}) {
    this.#snapshot = snapshot;
    this.#mostWaitingBytes = mostWaitingBytes;
    this.#goodbyeMs = goodbyeMs;
  }

  /** Rejects with `Refused` when there are readers enough. */
  async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#upgrades ??= newUpgrades();
    const upgrades = await this.#upgrades;
    if (this.#isClosed) throw new Refused(503, 'The agent ends.');
    if (this.#readers.size >= mostReaders) throw new Refused(503, `At most ${mostReaders} readers are served at once.`);
    upgrades.handleUpgrade(request, socket, head, (reader) => {
      this.#readers.add(reader);
      reader.on('close', () => this.#readers.delete(reader));
      // It ends the connection, and that is all that there is to it.
      reader.on('error', () => {});
      reader.send(asText(this.#snapshot()));
    });
  }

  /** `line` is only made when somebody reads. */
  tell(line: () => MonitorLine): void {
    if (this.#readers.size === 0) return;
    const text = asText(line());
    for (const reader of this.#readers) {
      if (reader.bufferedAmount <= this.#mostWaitingBytes) reader.send(text);
      else this.#dismiss(reader, { ...tooSlow, withinMs: this.#goodbyeMs });
    }
  }

  /** Afterwards nobody is let in; who does not hang up within a moment is cut off. */
  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) this.#dismiss(reader, { ...theEnd, withinMs: closingMs });
  }

  #dismiss(reader: WebSocket, { code, reason, withinMs }: Goodbye): void {
    this.#readers.delete(reader);
    reader.close(code, reason);
    setTimeout(() => reader.terminate(), withinMs).unref();
  }
}

/** Loaded for the first reader: most agents never have one, and each has a process of its own. */
async function newUpgrades(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: mostReadBytes });
}

function asText(line: MonitorLine): string {
  return visibleJson(JSON.stringify(line));
}
