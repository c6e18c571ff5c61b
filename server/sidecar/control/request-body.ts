/** The body of a request: bounded, JSON, and an object. */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { Refused } from './request-check.ts';

export type Body = Readonly<Record<string, unknown>>;

export const mostBodyBytes = 64 * 1024;

const JsonObject = z.record(z.string(), z.unknown());

/** Rejects with `Refused`. */
export async function readBody(request: IncomingMessage, maxBytes = mostBodyBytes): Promise<Body> {
  const bytes = await bytesOf(request, maxBytes);
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Refused(415, 'Send JSON, with "Content-Type: application/json".');
  try {
    return JsonObject.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // Whatever is wrong with it, the caller can see for itself.
    throw new Refused(400, 'The body must be a JSON object.');
  }
}

function bytesOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is taken and thrown away: a caller that still writes does not come to read the answer.
      if (bytes <= maxBytes) chunks.push(chunk);
    });
    request.once('end', () => {
      if (bytes <= maxBytes) resolve(Buffer.concat(chunks));
      else reject(new Refused(413, `At most ${maxBytes} bytes are taken.`));
    });
    for (const end of ['error', 'close'] as const)
      request.once(end, () => reject(new Refused(400, 'The request did not come to its end.')));
  });
}
