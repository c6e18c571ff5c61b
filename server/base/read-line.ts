/** Reads the first line of a connection and leaves the rest of the stream untouched. */
import type { Socket } from 'node:net';

/** Nothing came, and the connection is still open: whoever is on its other end hangs. */
export class NoLineInTime extends Error {}

export type LineBounds = { readonly timeoutMs: number; readonly maxBytes: number };

/** Reads up to the first newline and gives back to the socket whatever came after it. */
export function readLine(socket: Socket, { timeoutMs, maxBytes }: LineBounds): Promise<string> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const timer = setTimeout(() => finish(() => reject(new NoLineInTime(`no line within ${timeoutMs} ms`))), timeoutMs);
    const onEnd = () => finish(() => reject(new Error('the connection was closed')));
    const onData = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf(0x0a);
      if (end === -1 && held.length <= maxBytes) return;
      if (end === -1 || end > maxBytes) return finish(() => reject(new Error(`the first line is over ${maxBytes} bytes`)));
      finish(() => {
        if (end + 1 < held.length) socket.unshift(held.subarray(end + 1));
        resolve(held.subarray(0, end).toString('utf8'));
      });
    };
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.pause();
      socket.off('data', onData).off('close', onEnd).off('error', onEnd);
      settle();
    };
    socket.on('data', onData).on('close', onEnd).on('error', onEnd);
    socket.resume();
  });
}
