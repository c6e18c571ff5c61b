/** A folder that only its owner gets into, where others could have been first to make it. */
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { AgorError } from '../protocol/errors.ts';

/** Makes it with mode 0700. Throws `storage` when something of that name is no folder of ours, or others may write in it. */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isDirectory() && isKeptToOwner(found, process.getuid?.())) return;
  throw new AgorError(
    'storage',
    `${folder} is no folder of your own, or others may write in it. Remove it, or choose another data directory with AGOR_DATA_DIR.`,
  );
}

/** Pure. Windows has no user numbers and no such modes: a folder there is kept by the list of rights that it inherits. */
export function isKeptToOwner({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, ownUid: number | undefined): boolean {
  return ownUid === undefined || (uid === ownUid && (mode & 0o022) === 0);
}
