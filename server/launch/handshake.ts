/** The caller's side of the first line each way; after it the socket is ready for JSON-RPC. */
import type { Socket } from 'node:net';
import { readLine } from '../base/read-line.ts';
import { AgorError, limits } from '../protocol/errors.ts';
import { type Hello, HelloReply, handshakeTimeoutMs } from '../protocol/handshake.ts';

/** Rejects with `unavailable` when no good answer comes in time; the socket is then destroyed. */
export async function greet(socket: Socket, hello: Hello): Promise<HelloReply> {
  try {
    socket.write(`${JSON.stringify(hello)}\n`);
    return HelloReply.parse(JSON.parse(await readLine(socket, { timeoutMs: handshakeTimeoutMs, maxBytes: limits.handshakeBytes })));
  } catch (cause) {
    socket.destroy();
    throw new AgorError('unavailable', 'The backend did not answer the handshake.', { cause });
  }
}
