/**
 * The temporary folder of one run: made at its start, removed at its end. What earlier runs left, because nobody could
 * remove it then, goes when the next one starts.
 */
import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Log = (message: string, fields: Record<string, unknown>) => void;

export function makeScratch(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

/** Never rejects: what cannot be removed is told, and tried again at the next start. */
export async function removeScratch(dir: string, log: Log): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    log('a temporary folder of the agent could not be removed', { dir, why: String(error) });
  }
}

/** All but `dir` itself: an agent has one run at a time. */
export async function sweepScratch(dir: string, log: Log): Promise<void> {
  const parent = dirname(dir);
  const stale = (await readdir(parent)).map((name) => join(parent, name)).filter((path) => path !== dir);
  for (const path of stale) await removeScratch(path, log);
}
