/**
 * The trial of a build that comes after another one: what it is about to do stands on disk before it does it, so that
 * whoever comes after a build that crashed, hung or could not migrate knows the way back.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { processIdentity } from '../base/process-identity.ts';
import { readDeployed, writeDeployed, writeUpgrade } from '../base/upgrade-files.ts';
import { buildId, isFromSources } from '../protocol/health.ts';
import type { Deployed, UpgradeRecord, UpgradeStep } from '../protocol/upgrade.ts';
import { copyChecked, foundSchema } from '../store/checked-copy.ts';
import type { Place } from '../store/recovery.ts';

export type TrialDeps = {
  readonly paths: DataPaths;
  readonly places: { readonly sessions: Place; readonly btmsg: Place };
  readonly own: Deployed;
  /** The build that served before; undefined where nobody knows of one. */
  readonly before: Deployed | undefined;
  readonly now: () => number;
};

/** How long a new build is watched. With changed databases its answers wait meanwhile, so that is shorter than any caller's patience. */
export const watchMs = { plain: 30_000, migrated: 5_000 } as const;
/** Besides a second for each so many bytes of the databases. */
const stepMs = 30_000;
const bytesPerSecond = 10 * 1024 * 1024;
const keptBackups = 2;

export class Trial {
  readonly #deps: TrialDeps;
  #record: UpgradeRecord | undefined;

  constructor(deps: TrialDeps) {
    this.#deps = deps;
  }

  /** Whether a way back is kept open. */
  get isOn(): boolean {
    return this.#record?.state === 'trying';
  }

  get isMigrating(): boolean {
    return this.isOn && this.#record?.backups !== null;
  }

  get watchMs(): number {
    return this.isMigrating ? watchMs.migrated : watchMs.plain;
  }

  /** Before anything is opened. Throws `storage` when no backup can be made; nothing was changed then. */
  begin(): void {
    const { before, own, places } = this.#deps;
    if (!before || isFromSources(own.build) || isFromSources(before.build) || buildId(before.build) === buildId(own.build)) return;
    const found = [places.sessions, places.btmsg].map((place) => ({ place, schema: foundSchema(place.path) }));
    // What a newer one wrote is refused when it is opened, in its own words; that is no trial.
    if (found.some(({ place, schema }) => schema > newest(place))) return;
    const isDue = found.some(({ place, schema }) => schema > 0 && schema < newest(place));
    this.#start(before, isDue ? 'backup' : 'watch');
    if (isDue) this.#backUp();
  }

  /** It listens. */
  opened(): void {
    if (this.isOn) this.#step('watch', this.watchMs + stepMs);
    else if (!isFromSources(this.#deps.own.build) && !this.#isDeployed()) this.#deploy();
  }

  /** It has proved itself, or was asked to end while nothing was wrong. */
  finish(): UpgradeRecord | undefined {
    if (!this.isOn) return undefined;
    this.#deploy();
    this.#change({ state: 'done', endedAt: this.#deps.now() });
    this.#forgetOldBackups();
    return this.#record;
  }

  /** It ends now; the next start goes back. */
  failed(reason: string): void {
    // The first reason is the one that the others follow from.
    if (this.isOn && this.#record?.reason === null) this.#change({ reason });
  }

  #start(from: Deployed, step: UpgradeStep): void {
    const self = processIdentity(process.pid);
    if (!self) throw new Error('the system does not know this process');
    const { own: to, now } = this.#deps;
    const nothingYet = { backups: null, endedAt: null, reason: null, isTold: false } as const;
    const limit = this.#limitMs();
    this.#put({ state: 'trying', from, to, process: self, step, stepAt: now(), stepLimitMs: limit, startedAt: now(), ...nothingYet });
  }

  /** Both, because they belong together. Only once both are whole, the record names them, and only then a migration begins. */
  #backUp(): void {
    const { places, own } = this.#deps;
    const [sessions, btmsg] = [places.sessions, places.btmsg].map((place) => {
      const name = `${basename(place.path)}.before-${buildId(own.build)}`;
      return copyChecked(place.path, join(place.backupDir, name)) ? name : null;
    });
    this.#change({ backups: { sessions: sessions ?? null, btmsg: btmsg ?? null } });
    this.#step('migrate', this.#limitMs());
  }

  #step(step: UpgradeStep, stepLimitMs: number): void {
    this.#change({ step, stepAt: this.#deps.now(), stepLimitMs });
  }

  #change(change: Partial<UpgradeRecord>): void {
    if (this.#record) this.#put({ ...this.#record, ...change });
  }

  #put(record: UpgradeRecord): void {
    writeUpgrade(this.#deps.paths, record);
    this.#record = record;
  }

  /** By this build, from where it lies: since when stays as it was. */
  #isDeployed(): boolean {
    const deployed = readDeployed(this.#deps.paths);
    const { build, programDir } = this.#deps.own;
    return deployed !== undefined && buildId(deployed.build) === buildId(build) && deployed.programDir === programDir;
  }

  #deploy(): void {
    const { paths, own, now } = this.#deps;
    writeDeployed(paths, { ...own, deployedAt: new Date(now()).toISOString() });
  }

  #limitMs(): number {
    const { sessions, btmsg } = this.#deps.places;
    const bytes = [sessions, btmsg].reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
    return stepMs + Math.round((bytes / bytesPerSecond) * 1_000);
  }

  #forgetOldBackups(): void {
    const { sessions, btmsg } = this.#deps.places;
    for (const { path, backupDir } of [sessions, btmsg]) forgetAllBut(backupDir, `${basename(path)}.before-`);
  }
}

function newest({ migrations }: Place): number {
  return migrations.at(-1)?.version ?? 0;
}

function forgetAllBut(dir: string, prefix: string): void {
  const made = (name: string) => statSync(join(dir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  try {
    const names = readdirSync(dir).filter((name) => name.startsWith(prefix));
    const old = names.toSorted((a, b) => made(b) - made(a)).slice(keptBackups);
    for (const name of old) rmSync(join(dir, name), { force: true });
  } catch {
    // No folder of backups, or one that cannot be read: there is nothing to make room in.
  }
}
