/** Root is held back by no file mode, so what is to be tried as a person would meet it runs as another user. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const nobody = 65534;
const ownFile = fileURLToPath(import.meta.url);
const readsIt = `require('node:fs').accessSync(process.argv[1])`;

/** Whether another user can run our Node and read the repository: not where one of the folders above is closed to others. */
export function reachesOrdinaryUser(): boolean {
  if (process.getuid?.() !== 0) return true;
  known ??= spawnSync(process.execPath, ['-e', readsIt, ownFile], { uid: nobody, gid: nobody, env: {}, cwd: '/' }).status === 0;
  return known;
}

let known: boolean | undefined;
