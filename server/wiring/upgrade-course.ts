/** The part of the backend's main that changes builds: settles what an earlier one left, and watches the one that is new. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { lookAtUpgrade, readDeployed, readUpgrade, refusalOf, writeUpgrade } from '../base/upgrade-files.ts';
import { goBack } from '../handover/go-back.ts';
import { HeldAnswers } from '../handover/held-answers.ts';
import { isSameBuild, refusalText, settlement } from '../handover/settlement.ts';
import { Trial } from '../handover/trial.ts';
import { ensureRuntime } from '../launch/runtime.ts';
import type { Notices } from '../notices/notices.ts';
import { AgorError } from '../protocol/errors.ts';
import { sidecarWireVersion } from '../protocol/handshake.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';
import type { Deployed } from '../protocol/upgrade.ts';
import { type RecordPlaces, recordPlaces, type Stores } from '../stores.ts';

export type UpgradeOptions = {
  readonly paths: DataPaths;
  readonly build: BuildInfo;
  readonly programDir: string;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/**
 * Finishes a way back that is due. Returns the folder of the build that is to serve instead of this one; undefined when
 * this one may. Throws `outdated` when this one may not and there is no other.
 */
export function settleUpgrade({ paths, build, programDir, now, log }: UpgradeOptions): string | undefined {
  const upgrade = readUpgrade(paths);
  const due = settlement(upgrade, now());
  if (upgrade && due.kind === 'goBack') goBack({ paths, places: recordPlaces(paths), now, log }, upgrade, due.reason);
  const refused = refusalOf(paths, buildId(build));
  if (!refused) return undefined;
  const other = readDeployed(paths)?.programDir;
  // The commands, and what a unit file names, lead to it from now on.
  if (other !== undefined && other !== programDir && existsSync(join(other, 'backend.js'))) return ensureRuntime(other, paths);
  throw new AgorError('outdated', refusalText(build, refused));
}

/** What stands in the way of a new build until it has proved itself. */
export class UpgradeCourse {
  readonly #options: UpgradeOptions;
  readonly #trial: Trial;
  readonly #held: HeldAnswers;
  #written: () => number = () => 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UpgradeOptions) {
    this.#options = options;
    const { paths, build, programDir, now } = options;
    const own: Deployed = { sha: build.gitSha, deployedAt: '', build, programDir, wireVersion: sidecarWireVersion };
    this.#trial = new Trial({ paths, places: recordPlaces(paths), own, before: servedBefore(paths), now });
    this.#held = new HeldAnswers(() => this.#written());
  }

  /** Before the databases are opened; where they are opened then. */
  begin(): RecordPlaces {
    this.#trial.begin();
    const places = recordPlaces(this.#options.paths);
    if (!this.#trial.isMigrating) return places;
    // The backup that a migration makes for itself would be the same once more.
    return { sessions: { ...places.sessions, isBackedUp: true }, btmsg: { ...places.btmsg, isBackedUp: true } };
  }

  readonly after = <T>(work: () => T | Promise<T>): Promise<T> => this.#held.after(work);

  /** Before the doors are opened: from here on nothing that changes the new databases is acknowledged. */
  holdAnswers(written: () => number): void {
    this.#written = written;
    if (this.#trial.isMigrating) this.#held.hold();
  }

  /** It listens. `check` throws when something of it does not work. */
  opened(stores: Stores, { check, giveUp }: { readonly check: () => void; readonly giveUp: () => void }): void {
    this.#trial.opened();
    if (!this.#trial.isOn) return;
    this.#timer = setTimeout(() => {
      try {
        check();
        this.finish(stores);
      } catch (error) {
        this.failed(error);
        giveUp();
      }
    }, this.#trial.watchMs);
  }

  /** Also when it is asked to end in order: nothing was wrong with it. */
  finish(stores: Stores): void {
    clearTimeout(this.#timer);
    const done = this.#trial.finish();
    if (done) {
      const detail = { from: buildId(done.from.build), to: buildId(done.to.build) };
      const entry = { at: this.#options.now(), event: 'backend_upgraded', agentId: null, actor: 'backend', detail } as const;
      stores.btmsg.write(() => stores.audit.append(entry));
      this.#options.log('the new build has proved itself', detail);
    }
    this.#held.release();
  }

  failed(error: unknown): void {
    clearTimeout(this.#timer);
    const reason = error instanceof Error ? error.message : String(error);
    this.#trial.failed(reason.split('\n')[0] ?? reason);
  }
}

/** A build from before there was a marker is known by the record of the last owner, and by its copy. */
function servedBefore(paths: DataPaths): Deployed | undefined {
  const marked = readDeployed(paths);
  if (marked) return existsSync(join(marked.programDir, 'backend.js')) ? marked : undefined;
  try {
    const { build, startedAt } = OwnerRecord.parse(JSON.parse(readFileSync(paths.ownerRecord, 'utf8')));
    const programDir = join(paths.runtime, buildId(build));
    if (!existsSync(join(programDir, 'backend.js'))) return undefined;
    return { sha: build.gitSha, deployedAt: new Date(startedAt).toISOString(), build, programDir, wireVersion: null };
  } catch {
    // Nobody has served here, or nobody whose programs are left: there is nothing to go back to.
    return undefined;
  }
}

/** Told once, by whichever build serves then. */
export function tellOfWayBack(paths: DataPaths, notices: Notices, build: BuildInfo): void {
  const upgrade = lookAtUpgrade(paths);
  if (upgrade?.state !== 'wentBack' || upgrade.isTold || isSameBuild(upgrade.to.build, build)) return;
  const { version, gitSha } = upgrade.to.build;
  const problem = `The update to version ${version} (${gitSha.slice(0, 9)}) was taken back, because ${upgrade.reason ?? 'it did not prove itself'}. Version ${build.version} (${build.gitSha.slice(0, 9)}) goes on; nothing that was acknowledged is lost.`;
  notices.raise({
    type: 'error',
    about: { kind: 'problem', problem },
    place: { kind: 'backend' },
    key: `upgrade rolled back ${buildId(upgrade.to.build)} ${upgrade.startedAt}`,
    kind: 'upgrade rolled back',
  });
  writeUpgrade(paths, { ...upgrade, isTold: true });
}
