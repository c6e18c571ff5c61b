/** Sockets of other programs in folders that the agent is given: a read-only mount does not keep anyone from connecting. */
import { readFileSync } from 'node:fs';
import { isWithin } from './resolved-path.ts';

const isListening = /^[^:]+: \S+ \S+ 00010000 \S+ \S+ +\d+ (\/.*)$/;
const maxSockets = 20;

/** Those in `except`, which are the agent's own to use, are left out. */
export function visibleSockets(folders: readonly string[], except: readonly string[]): string[] {
  const listed = readFileSync('/proc/net/unix', 'utf8').split('\n');
  const paths = listed.flatMap((line) => isListening.exec(line)?.[1] ?? []);
  const isSeen = (path: string) => folders.some((folder) => isWithin(path, folder)) && !except.some((folder) => isWithin(path, folder));
  return [...new Set(paths)].filter(isSeen).slice(0, maxSockets);
}
