/**
 * Stands before the JSON-RPC reader, which goes deaf without a word on some malformed headers and buffers without
 * limit: checks each header and length, and fails the stream with a sentence.
 */
import { Transform, type TransformCallback } from 'node:stream';
import { AgorError, limits } from '../protocol/errors.ts';

const headerEnd = '\r\n\r\n';
const maxHeaderBytes = 4 * 1024;

export class FrameGuard extends Transform {
  #header = Buffer.alloc(0);
  #bodyBytesLeft = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#check(chunk);
      done(null, chunk);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #check(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; ) {
      if (this.#bodyBytesLeft > 0) rest = this.#skipBody(rest);
      else rest = this.#readHeader(rest);
    }
  }

  #skipBody(rest: Buffer): Buffer {
    const bytes = Math.min(rest.length, this.#bodyBytesLeft);
    this.#bodyBytesLeft -= bytes;
    return rest.subarray(bytes);
  }

  #readHeader(rest: Buffer): Buffer {
    const before = this.#header.length;
    const header = before === 0 ? rest : Buffer.concat([this.#header, rest]);
    const end = header.indexOf(headerEnd);
    if (end > maxHeaderBytes || (end === -1 && header.length > maxHeaderBytes + headerEnd.length))
      throw new AgorError(
        'badRequest',
        `A frame's header does not end within ${maxHeaderBytes} bytes. Each frame needs "Content-Length: <bytes>" and an empty line before it.`,
      );
    this.#header = end === -1 ? Buffer.from(header) : Buffer.alloc(0);
    if (end === -1) return Buffer.alloc(0);
    this.#bodyBytesLeft = bodyBytes(header.subarray(0, end).toString('latin1'));
    return rest.subarray(end + headerEnd.length - before);
  }
}

/** As strict as the reader behind it and more, so that both find the same length or the frame is refused here. */
function bodyBytes(header: string): number {
  const lines = header.split('\r\n');
  const lengths = lines
    .filter((line) => /^content-length:/i.test(line))
    .map((line) => Number(/^content-length: ?(\d{1,15})$/i.exec(line)?.[1]));
  const [bytes] = lengths;
  if (lengths.length !== 1 || !bytes || !lines.every((line) => /^[a-z-]+:[ -~]*$/i.test(line)))
    throw new AgorError('badRequest', 'A frame has no valid Content-Length. Each frame needs exactly one, with the number of its bytes.');
  if (bytes > limits.frameBytes)
    throw new AgorError('tooLarge', `A frame of ${bytes} bytes was announced; at most ${limits.frameBytes} are accepted.`);
  return bytes;
}
