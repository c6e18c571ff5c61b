/**
 * Removes files that only ever pile up: old logs and error output of agents, what ended runs left in temporary folders, and
 * what is in the quarantine beyond its caps. One after the other, so that others get their turn in between.
 */
import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { lstat, readdir, rm, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { rotatedSegments } from '../log/log-segments.ts';
import { sidecarLogFiles } from '../log/sidecar-log-files.ts';
import { shortId } from '../protocol/ids.ts';
import { dayMs } from './daily.ts';
import { droppable, type Kept, quarantineCaps } from './quarantine-caps.ts';

export type SweepDeps = {
  readonly agentsDir: string;
  readonly logsDir: string;
  readonly quarantineDir: string;
  /** Whether a sidecar of the agent runs, which has its log open. */
  readonly isRunning: (agentId: string) => boolean;
  readonly sizeOf: (path: string) => Promise<number>;
  readonly now: () => number;
};

/** Of agents; a run that was cut short may be looked into the next day. */
const kept = { logDays: 14, errorDays: 7, scratchDays: 1 } as const;

export type Swept = { readonly files: number; readonly bytes: number; readonly quarantined: readonly Kept[] };
/** `left`: entries in the quarantine, of which a person should know when there are many. `problems`: sentences. */
export type SweepResult = Swept & { readonly left: number; readonly problems: readonly string[] };

export async function sweep(deps: SweepDeps): Promise<SweepResult> {
  const tally = new Tally(deps);
  for (const agentId of await foldersIn(deps.agentsDir)) await sweepAgent(tally, deps, agentId);
  await sweepMirrors(tally, deps);
  const entries = await quarantined(deps);
  const dropped = droppable(entries, deps.now());
  for (const { name } of dropped) await tally.remove(join(deps.quarantineDir, name));
  const { files, bytes, problems } = tally;
  return { files, bytes, problems, quarantined: dropped, left: entries.length - dropped.length };
}

/** Whether a person should look into the quarantine, in a sentence. */
export function quarantineProblem(left: number, dir: string): string | null {
  if (left <= quarantineCaps.warnAbove) return null;
  return `${left} things were set aside in ${dir}, because they were damaged. See what damages them; the oldest are removed.`;
}

async function sweepAgent(tally: Tally, deps: SweepDeps, agentId: string): Promise<void> {
  const { agentsDir, isRunning } = deps;
  const { records, errorOutput } = sidecarLogFiles(join(agentsDir, agentId, 'private'));
  await tally.removeRotated(records);
  await tally.removeOld(`${errorOutput}.1`, kept.errorDays);
  if (isRunning(agentId)) return;
  await tally.removeOld(records, kept.logDays);
  await tally.removeOld(errorOutput, kept.errorDays);
  await sweepScratch(tally, deps, agentId);
}

/** Out of the agent's reach first: it may begin to run while a large folder is being removed, and lead that elsewhere. */
async function sweepScratch(tally: Tally, deps: SweepDeps, agentId: string): Promise<void> {
  const scratch = join(deps.agentsDir, agentId, 'agent', 'tmp');
  const discarded = join(deps.agentsDir, agentId, 'private', 'discarded');
  if ((await namesIn(discarded)).length > 0) await tally.remove(discarded);
  for (const name of await namesIn(scratch)) {
    await tally.attempt(name, async () => {
      if (!deps.isRunning(agentId) && discard({ scratch, discarded, name, before: deps.now() - kept.scratchDays * dayMs }))
        await tally.remove(discarded);
    });
  }
}

type Discarding = { readonly scratch: string; readonly discarded: string; readonly name: string; readonly before: number };

/** In one go, so that the agent that does not run when it begins does not run when it ends. Whether there was anything. */
function discard({ scratch, discarded, name, before }: Discarding): boolean {
  // What the agent may have put in the folder's place leads elsewhere.
  if (!lstatSync(scratch, { throwIfNoEntry: false })?.isDirectory()) return false;
  const found = lstatSync(join(scratch, name), { throwIfNoEntry: false });
  if (!found || found.mtimeMs > before) return false;
  mkdirSync(discarded, { recursive: true, mode: 0o700 });
  renameSync(join(scratch, name), join(discarded, name));
  return true;
}

/** They are named by agent and the end of its id. */
async function sweepMirrors(tally: Tally, { logsDir, agentsDir, isRunning }: SweepDeps): Promise<void> {
  const running = (await foldersIn(agentsDir)).filter(isRunning).map(shortId);
  for (const name of await namesIn(logsDir)) {
    const [, id] = /^session-mirror-.*-([0-9a-f]{8})(?:\.\d+)?\.log$/.exec(name) ?? [];
    if (id === undefined) continue;
    const isCurrent = name.endsWith(`-${id}.log`);
    if (!isCurrent || !running.includes(id)) await tally.removeOld(join(logsDir, name), kept.logDays);
  }
}

async function quarantined({ quarantineDir, sizeOf }: SweepDeps): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const name of await namesIn(quarantineDir)) {
    const path = join(quarantineDir, name);
    const stat = await lstat(path).catch(() => undefined);
    if (stat) found.push({ name, bytes: await sizeOf(path), changedAt: stat.mtimeMs });
  }
  return found;
}

class Tally {
  files = 0;
  bytes = 0;
  readonly problems: string[] = [];
  readonly #deps: SweepDeps;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
  }

  async removeOld(path: string, days: number): Promise<void> {
    if (await this.#isOld(path, days)) await this.remove(path);
  }

  /** The newest is emptied and stays: the numbers go on after it, and name the same records for good. */
  async removeRotated(log: string): Promise<void> {
    const segments = rotatedSegments(log);
    for (const { path } of segments.slice(0, -1)) await this.removeOld(path, kept.logDays);
    const newest = segments.at(-1)?.path;
    if (newest === undefined || !(await this.#isOld(newest, kept.logDays))) return;
    await this.attempt(basename(newest), async () => {
      const bytes = await this.#deps.sizeOf(newest);
      if (bytes === 0) return;
      await truncate(newest);
      this.files += 1;
      this.bytes += bytes;
    });
  }

  async remove(path: string): Promise<void> {
    await this.attempt(basename(path), async () => {
      const bytes = await this.#deps.sizeOf(path);
      await rm(path, { recursive: true, force: true });
      this.files += 1;
      this.bytes += bytes;
    });
  }

  /** What cannot go is told, and keeps nothing else from going: an agent can make a folder that nobody may enter. */
  async attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.problems.push(`${name} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #isOld(path: string, days: number): Promise<boolean> {
    const found = await lstat(path).catch(() => undefined);
    return found !== undefined && this.#deps.now() - found.mtimeMs >= days * dayMs;
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
