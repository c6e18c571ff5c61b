/** How many threads the user has by now: the bound of processes that the kernel keeps per user is set above them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Null where it cannot be told. */
export function countUserThreads(): number | null {
  if (process.platform !== 'linux') return null;
  const userId = process.getuid?.();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((threads, name) => threads + threadsOf(name, userId), 0);
}

function threadsOf(pid: string, userId: number | undefined): number {
  try {
    if (statSync(`/proc/${pid}`).uid !== userId) return 0;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[17] ?? 0);
  } catch {
    // It has ended.
    return 0;
  }
}
