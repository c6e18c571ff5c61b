/** A file that a command makes for a person: only theirs to read, never over one that is there, and whole or not at all. */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';

/** Throws `conflict` when something is there. A part of it would be taken for the whole, so none stays when `fill` fails. */
export async function writeNewFile<T>(path: string, fill: (write: (text: string) => void) => T | Promise<T>): Promise<T> {
  const descriptor = orRefuse(path, () => openSync(path, 'wx', 0o600));
  try {
    return await fill((text) => orRefuse(path, () => writeFileSync(descriptor, text)));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function orRefuse<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new AgorError('conflict', `${path} is there already. Choose another file.`, { cause });
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new AgorError('notFound', `There is no folder ${dirname(path)}. Make it first, or choose another file.`, { cause });
    throw asStorageError(cause, path);
  }
}
