/** Two ends of a unix socket in one process, for tests of what speaks over it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SocketPair = { readonly near: Socket; readonly far: Socket; close(): Promise<void> };

export async function socketPair(): Promise<SocketPair> {
  const folder = mkdtempSync(join(tmpdir(), 'agor-pair-'));
  const server = createServer().listen(join(folder, 's'));
  await once(server, 'listening');
  const far = connect(join(folder, 's'));
  const [near]: Socket[] = await once(server, 'connection');
  if (!near) throw new Error('no connection came');
  // A test may end one side at any time.
  for (const socket of [near, far]) socket.on('error', () => {});
  const close = async () => {
    near.destroy();
    far.destroy();
    // Resolves when both ends are closed, and with them whatever waits for that.
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  return { near, far, close };
}

/** All that comes until the other side ends. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
