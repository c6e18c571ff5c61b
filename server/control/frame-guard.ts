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
    this.#header = Buffer.concat([this.#header, rest]);
    const end = this.#header.indexOf(headerEnd);
    if (end === -1 && this.#header.length <= maxHeaderBytes) return Buffer.alloc(0);
    if (end === -1)
      throw new AgorError(
        'badRequest',
        `A frame's header does not end within ${maxHeaderBytes} bytes. Each frame needs "Content-Length: <bytes>" and an empty line before it.`,
      );
    this.#bodyBytesLeft = bodyBytes(this.#header.subarray(0, end).toString('latin1'));
    this.#header = Buffer.alloc(0);
    return rest.subarray(end + headerEnd.length - before);
  }
}

function bodyBytes(header: string): number {
  const lengths = [...header.matchAll(/^content-length: *(\d+)$/gim)].map((match) => Number(match[1]));
  const [bytes] = lengths;
  if (lengths.length !== 1 || bytes === undefined)
    throw new AgorError('badRequest', 'A frame has no valid Content-Length. Each frame needs exactly one, with the number of its bytes.');
  if (bytes > limits.frameBytes)
    throw new AgorError('tooLarge', `A frame of ${bytes} bytes was announced; at most ${limits.frameBytes} are accepted.`);
  return bytes;
}
