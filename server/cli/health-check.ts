/** Whether a backend is alive, by its health file: for monitors, which must not start what they look after. */
import { readFileSync } from 'node:fs';
import { dataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { HealthFile } from '../protocol/health-file.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import { UnreachableError } from './exit-codes.ts';

export type HealthCheck = {
  readonly status: 'OK' | 'CRITICAL';
  /** One line, as monitors take it. */
  readonly text: string;
  /** Null where there is no file. */
  readonly ageSec: number | null;
};

/** As far as it is known: `unreadable` is no health file, whatever it is. */
export type Found = {
  readonly path: string;
  readonly file: HealthFile | 'missing' | 'unreadable';
  readonly isOwnerAlive: boolean;
};

/** Throws where no data directory can be. */
export function findHealthFile(dataDir: string): Found {
  const { health, ownerRecord } = dataPaths(dataDir);
  return { path: health, file: readHealthFile(health), isOwnerAlive: isOwnerAlive(ownerRecord) };
}

/** `maxAgeSec` of the caller goes before what the backend wrote down. */
export function judgeHealth({ path, file, isOwnerAlive }: Found, nowMs: number, maxAgeSec?: number): HealthCheck {
  if (file === 'missing') {
    const why = isOwnerAlive ? 'the backend that runs has written none yet, or is of an older build' : 'no backend runs';
    return critical(`health file missing (${path}): ${why}`, null);
  }
  if (file === 'unreadable') return critical(`health file cannot be read (${path})`, null);
  const ageSec = Math.floor((nowMs - file.ts) / 1000);
  const max = maxAgeSec ?? file.maxAgeSec;
  if (!isOwnerAlive) return critical(`the backend (pid ${file.pid}) is gone; its health file is ${ageSec} s old`, ageSec);
  if (ageSec > max) return critical(`health file is ${ageSec} s old (max ${max} s): the backend (pid ${file.pid}) hangs`, ageSec);
  // It is written every few seconds, so that a clock that was set is soon forgotten.
  if (ageSec < -max) return critical(`health file is dated ${-ageSec} s ahead of the clock`, ageSec);
  return { status: 'OK', text: `OK: health file is ${Math.max(0, ageSec)} s old (max ${max} s)`, ageSec: Math.max(0, ageSec) };
}

function critical(what: string, ageSec: number | null): HealthCheck {
  return { status: 'CRITICAL', text: `CRITICAL: ${what}`, ageSec };
}

function readHealthFile(path: string): Found['file'] {
  try {
    return HealthFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') throw new UnreachableError('storage', `The data directory cannot be used: ${path} leads through a file.`);
    return code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function isOwnerAlive(path: string): boolean {
  try {
    return isSameProcess(OwnerRecord.parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    // None, or of a version that this command does not know.
    return false;
  }
}
