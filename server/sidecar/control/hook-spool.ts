/**
 * What hooks had to report while no sidecar listened: each leaves a file with the JSON that it would have sent. The
 * folder is the agent's, so nothing in it is trusted to be what it seems.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const mostFiles = 100;
const mostBytes = 64 * 1024;

const Report = z.record(z.string(), z.unknown());
export type SpooledReport = z.infer<typeof Report>;

export function spoolDir(agentDir: string): string {
  return join(agentDir, 'hook-spool');
}

/** Takes the reports away and returns them, by their names in order. What is none is taken away and dropped. */
export function takeSpooled(dir: string): SpooledReport[] {
  const fd = openFolder(dir);
  if (fd === undefined) return [];
  try {
    // By its descriptor the folder stays the one that was opened, whatever is put in its place meanwhile.
    const folder = process.platform === 'linux' ? `/proc/self/fd/${fd}` : dir;
    const names = readdirSync(folder).sort().slice(0, mostFiles);
    return names.map((name) => takeReport(join(folder, name))).filter((report) => report !== undefined);
  } finally {
    closeSync(fd);
  }
}

function openFolder(dir: string): number | undefined {
  try {
    return openSync(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch {
    // Nothing was left, or a link leads elsewhere.
    return undefined;
  }
}

function takeReport(path: string): SpooledReport | undefined {
  try {
    return Report.parse(JSON.parse(beginningOf(path)));
  } catch {
    // A pipe that nobody writes to, a link, half a file.
    return undefined;
  } finally {
    remove(path);
  }
}

function beginningOf(path: string): string {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) return '';
    const bytes = Buffer.alloc(mostBytes);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, mostBytes, 0));
  } finally {
    closeSync(fd);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder, which no hook left: it may stay.
  }
}
