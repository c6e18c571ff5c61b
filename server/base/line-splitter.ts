/**
 * Cuts a byte stream into lines with a bound on each, so that no program can fill our memory with one endless line.
 * A line past the bound is dropped to its end and reported; the lines after it come as usual.
 */

/** Where a line was in the stream: its first byte, counted from 0, and its length without the newline. */
export type LinePlace = { readonly offset: number; readonly bytes: number };

type LineHandlers = {
  readonly onLine: (line: string, place: LinePlace) => void;
  /** Called once per dropped line, at its end. */
  readonly onOversize: (place: LinePlace) => void;
};

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = 0xfeff;
const smallestBufferBytes = 4 * 1024;

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #handlers: LineHandlers;
  /** The start of the line that has not ended yet. One growing buffer: a list of chunks would cost more than the bytes in it. */
  #pending: Buffer = Buffer.alloc(0);
  #pendingBytes = 0;
  #droppedBytes = 0;
  /** Of the line that has not ended yet. */
  #offset = 0;

  constructor(handlers: LineHandlers, options: { readonly maxBytes: number }) {
    this.#handlers = handlers;
    this.#maxBytes = options.maxBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      // Nearly every line lies in one piece, and is read where it lies.
      if (this.#isBetweenLines() && end - start <= this.#maxBytes) {
        this.#handlers.onLine(decode(chunk, start, end), this.#nextPlace(end - start));
      } else this.#endLine(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The stream ended: what is left is the last line. */
  end(): void {
    if (!this.#isBetweenLines()) this.#endLine(Buffer.alloc(0));
  }

  #isBetweenLines(): boolean {
    return this.#pendingBytes === 0 && this.#droppedBytes === 0;
  }

  #endLine(part: Buffer): void {
    this.#keep(part);
    const dropped = this.#droppedBytes;
    const line = this.#pending.subarray(0, this.#pendingBytes);
    this.#pending = Buffer.alloc(0);
    this.#pendingBytes = 0;
    this.#droppedBytes = 0;
    if (dropped > 0) this.#handlers.onOversize(this.#nextPlace(dropped));
    else this.#handlers.onLine(decode(line, 0, line.length), this.#nextPlace(line.length));
  }

  #nextPlace(bytes: number): LinePlace {
    const offset = this.#offset;
    this.#offset += bytes + 1;
    return { offset, bytes };
  }

  #keep(part: Buffer): void {
    const bytes = this.#pendingBytes + part.length;
    if (this.#droppedBytes > 0 || bytes > this.#maxBytes) {
      this.#droppedBytes += bytes;
      this.#pending = Buffer.alloc(0);
      this.#pendingBytes = 0;
      return;
    }
    if (bytes > this.#pending.length) this.#grow(bytes);
    part.copy(this.#pending, this.#pendingBytes);
    this.#pendingBytes = bytes;
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafe(Math.min(Math.max(bytes * 2, smallestBufferBytes), Math.max(this.#maxBytes, bytes)));
    this.#pending.copy(grown, 0, 0, this.#pendingBytes);
    this.#pending = grown;
  }
}

/** Bytes that are no UTF-8 become U+FFFD; a trailing carriage return and a byte order mark go. */
function decode(bytes: Buffer, start: number, end: number): string {
  const line = bytes.toString('utf8', start, end);
  const from = line.charCodeAt(0) === byteOrderMark ? 1 : 0;
  const to = line.length > from && line.charCodeAt(line.length - 1) === carriageReturn ? line.length - 1 : line.length;
  return line.slice(from, to);
}
