/**
 * What a window or a command does about builds before it connects: tries a newer one out before the backend is asked to
 * hand over, chooses who serves where nobody does, and ends a build on trial that hangs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { asStorageError } from '../base/storage-error.ts';
import { lookAtUpgrade, readDeployed, refusalOf, refuseBuild } from '../base/upgrade-files.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import type { Deployed } from '../protocol/upgrade.ts';
import { copyRuntime, ensureRuntime } from './runtime.ts';
import { type Shortcoming, tryOut } from './try-out.ts';
import { type Meeting, meeting, refusedText, trialState, whoServes } from './which-build.ts';

export type UpgradeDeps = {
  readonly paths: DataPaths;
  readonly distDir: string;
  readonly own: BuildInfo;
  readonly onProgress: (text: string) => void;
  /** Told once of a build that may not take over. */
  readonly onRefused: (sentence: string) => void;
};

export class Upgrade {
  readonly #deps: UpgradeDeps;
  #isTriedOut = false;
  #passing: string | undefined;

  constructor(deps: UpgradeDeps) {
    this.#deps = deps;
  }

  /** How the owner is met. */
  meet(owner: BuildInfo): Meeting {
    return meeting(this.#deps.own, owner, this.#refused());
  }

  /** It may not take over, whoever serves. */
  get isRefused(): boolean {
    return this.#refused() !== undefined;
  }

  /** Whether the owner must not be asked to hand over before this build was tried out. */
  mustTryOut(owner: BuildInfo): boolean {
    return !this.#isTriedOut && this.meet(owner).kind === 'takeOver';
  }

  async tryOut(owner: BuildInfo): Promise<void> {
    if (!(await this.#works())) this.#tellRefused(owner);
  }

  /** The folder of the build to start. */
  async choose(): Promise<string> {
    const { paths, distDir, own } = this.#deps;
    const other = this.#other();
    if (!other || (whoServes(own, other.build, this.#refused()) === 'own' && (await this.#maySucceed(other.build))))
      return ensureRuntime(distDir, paths);
    return ensureRuntime(other.programDir, paths);
  }

  /** One whose trial broke off is started again as it is, because it goes back by itself. */
  async #maySucceed(deployed: BuildInfo): Promise<boolean> {
    if (meeting(this.#deps.own, deployed, undefined).kind !== 'takeOver' || this.mayGoBack() || (await this.#works())) return true;
    this.#tellRefused(deployed);
    return false;
  }

  /** Whether there is another build to start instead of this one, which is not started again then. */
  refuseHung(reason: string): boolean {
    const { paths, own } = this.#deps;
    const other = this.#other();
    if (!other || whoServes(own, other.build, this.#refused()) !== 'own' || buildId(own) === buildId(other.build)) return false;
    refuseBuild(paths, { build: buildId(own), reason, at: Date.now() });
    this.#tellRefused(other.build);
    return true;
  }

  /** Whether a build is on trial, so that waiting for it is worth while. One that hangs is ended. */
  isUnderWay(now: number): boolean {
    const upgrade = lookAtUpgrade(this.#deps.paths);
    const state = trialState(upgrade, upgrade !== undefined && isSameProcess(upgrade.process), now);
    if (state === 'hangs' && upgrade) endProcess(upgrade.process.pid);
    return state === 'runs' || state === 'hangs';
  }

  /** The copy that the backend and its agents run from is put back when somebody removed it under them. */
  repairRuntime(owner: BuildInfo): void {
    if (buildId(owner) !== buildId(this.#deps.own)) return;
    try {
      copyRuntime(this.#deps.distDir, this.#deps.paths);
    } catch {
      // For want of room: the backend says so when it needs it.
    }
  }

  /** Whether the next start has something to go back from, or another build to start. */
  mayGoBack(): boolean {
    const upgrade = lookAtUpgrade(this.#deps.paths);
    return (
      trialState(upgrade, upgrade !== undefined && isSameProcess(upgrade.process), Date.now()) === 'over' || this.#refused() !== undefined
    );
  }

  #tellRefused(other: BuildInfo): void {
    this.#deps.onRefused(refusedText(this.#deps.own, other, this.#refused() ?? ''));
  }

  /** What serves here, as long as its programs are there. */
  #other(): Deployed | undefined {
    const deployed = readDeployed(this.#deps.paths);
    return deployed && existsSync(join(deployed.programDir, 'backend.js')) ? deployed : undefined;
  }

  #refused(): string | undefined {
    return this.#passing ?? refusalOf(this.#deps.paths, buildId(this.#deps.own))?.reason;
  }

  /** A build that fails is not tried again until a person asks for it; one that only this moment was against, by the next caller. */
  async #works(): Promise<boolean> {
    if (this.#isTriedOut) return true;
    this.#deps.onProgress('Trying out the new version');
    const found = await this.#shortcoming();
    if (found?.isPassing) this.#passing = found.reason;
    else if (found) refuseBuild(this.#deps.paths, { build: buildId(this.#deps.own), reason: found.reason, at: Date.now() });
    this.#isTriedOut = found === undefined;
    return this.#isTriedOut;
  }

  async #shortcoming(): Promise<Shortcoming | undefined> {
    const { paths, distDir } = this.#deps;
    try {
      return await tryOut(copyRuntime(distDir, paths), paths);
    } catch (error) {
      const cause = asStorageError(error, paths.runtime);
      return { reason: `it could not be copied: ${cause instanceof Error ? cause.message : String(cause)}`, isPassing: true };
    }
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
