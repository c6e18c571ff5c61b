/** A socket that only its owner reaches, at a path where a dead process may have left one. */
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { makeOwnFolder } from '../../base/own-folder.ts';
import { AgorError } from '../../protocol/errors.ts';

/** One that lives answers at once, unless it is stopped; then it lives all the same. */
const probeMs = 1_000;

/** Rejects with `conflict` when somebody listens there, and with `storage` when the place is not ours. */
export async function listenOnOwnSocket(server: Server, path: string): Promise<void> {
  const isFile = process.platform !== 'win32';
  if (isFile) await clear(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (isFile) chmodSync(path, 0o600);
}

async function clear(path: string): Promise<void> {
  makeOwnFolder(dirname(path));
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket() || found.uid !== process.getuid?.())
    throw new AgorError('storage', `${path} is in the way: it is no socket of yours. Remove it, and start the agent again.`);
  if (await isAlive(path)) throw new AgorError('conflict', `Another process listens on ${path}. End it, and start the agent again.`);
  rmSync(path, { force: true });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (isAlive: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAlive);
    };
    const timer = setTimeout(() => settle(true), probeMs);
    socket.once('connect', () => settle(true));
    // Whatever else is wrong, somebody may be there.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
