/** The body of a request: bounded, JSON, and an object. */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { Refused } from './request-check.ts';

export type Body = Readonly<Record<string, unknown>>;

export const mostBodyBytes = 64 * 1024;
/** Nothing of ours is nearly as deep, and what is far deeper cannot be written out again: the channel to the backend would fail at it. */
export const mostBodyDepth = 100;

const JsonObject = z.record(z.string(), z.unknown());

/** Rejects with `Refused`. */
export async function readBody(request: IncomingMessage, maxBytes = mostBodyBytes): Promise<Body> {
  const bytes = await bytesOf(request, maxBytes);
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Refused(415, 'Send JSON, with "Content-Type: application/json".');
  const body = asObject(bytes);
  if (isDeeper(body, mostBodyDepth)) throw new Refused(400, `The body is nested more than ${mostBodyDepth} deep.`, 'badRequest');
  return body;
}

function asObject(bytes: Buffer): Body {
  try {
    return JsonObject.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // Whatever is wrong with it, the caller can see for itself.
    throw new Refused(400, 'The body must be a JSON object.');
  }
}

/** Level by level, because a call for each level is what it is to prevent. */
function isDeeper(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((each) => (each !== null && typeof each === 'object' ? Object.values(each) : []));
  }
  return false;
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
