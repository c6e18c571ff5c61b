/**
 * Cuts a byte stream into lines with a bound on each, so that no program can fill our memory with one endless line.
 * A line past the bound is dropped to its end and reported; the lines after it come as usual.
 */
import { StringDecoder } from 'node:string_decoder';

export type LineHandlers = {
  readonly onLine: (line: string) => void;
  /** Called once per dropped line, at its end. */
  readonly onOversize: (bytes: number) => void;
};

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #handlers: LineHandlers;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #droppedBytes = 0;

  constructor(handlers: LineHandlers, options: { readonly maxBytes: number }) {
    this.#handlers = handlers;
    this.#maxBytes = options.maxBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      this.#add(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
  }

  /** The stream ended: what is left is the last line. */
  end(): void {
    if (this.#bytes > 0 || this.#droppedBytes > 0) this.#endLine();
  }

  #add(part: Buffer): void {
    if (this.#droppedBytes > 0 || this.#bytes + part.length > this.#maxBytes) {
      this.#droppedBytes += this.#bytes + part.length;
      this.#chunks = [];
      this.#bytes = 0;
      return;
    }
    this.#chunks.push(part);
    this.#bytes += part.length;
  }

  #endLine(): void {
    const dropped = this.#droppedBytes;
    const line = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#droppedBytes = 0;
    if (dropped > 0) this.#handlers.onOversize(dropped);
    else this.#handlers.onLine(decode(line));
  }
}

/** Bytes that are no UTF-8 become U+FFFD; a trailing carriage return and a byte order mark go. */
function decode(line: Buffer): string {
  const text = new StringDecoder('utf8').end(line);
  return text.replace(/^\uFEFF/, '').replace(/\r$/, '');
}
