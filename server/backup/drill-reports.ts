/** The reports of drills, as files that a person can read and keep. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillReport } from '../protocol/backup.ts';

/** Null when there was none, or the newest cannot be read. */
export async function lastDrill(folder: string): Promise<DrillReport | null> {
  const names = await readdir(folder).catch((): string[] => []);
  const newest = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1);
  if (newest === undefined) return null;
  const text = await readFile(join(folder, newest), 'utf8').catch(() => '');
  return DrillReport.safeParse(jsonOf(text)).data ?? null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It was changed by hand: the drill counts as not made.
    return undefined;
  }
}
