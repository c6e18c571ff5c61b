/** Replaces a file so that a reader finds the old one or the new one, never a part, also after the power went. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Mode 0600 unless told. Follows no link: what was planted beside the file is left alone, and at its place it is replaced. */
export function writeFileWhole(path: string, content: string | Uint8Array, mode = 0o600): void {
  replace(path, mode, (descriptor) => {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  });
}

/** For what says nothing once the machine was off: nobody waits until the disk has it, and then it may be empty. */
export function writePassingFile(path: string, content: string): void {
  replace(path, 0o600, (descriptor) => writeFileSync(descriptor, content));
}

function replace(path: string, mode: number, write: (descriptor: number) => void): void {
  // Nobody can foresee the name, and `wx` opens nothing that is there already.
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const descriptor = openSync(temporary, 'wx', mode);
  try {
    writeAndClose(descriptor, write);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAndClose(descriptor: number, write: (descriptor: number) => void): void {
  try {
    write(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
