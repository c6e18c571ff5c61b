/**
 * What a window or a command does about builds before it connects: tries a newer one out before the backend is asked to
 * hand over, chooses who serves where nobody does, and ends a build on trial that hangs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { lookAtUpgrade, readDeployed, refusalOf, refuseBuild } from '../base/upgrade-files.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import { copyRuntime, ensureRuntime } from './runtime.ts';
import { tryOut } from './try-out.ts';
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

  constructor(deps: UpgradeDeps) {
    this.#deps = deps;
  }

  /** How the owner is met. */
  meet(owner: BuildInfo): Meeting {
    return meeting(this.#deps.own, owner, this.#refused());
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
    const deployed = readDeployed(paths);
    const other = deployed && existsSync(join(deployed.programDir, 'backend.js')) ? deployed : undefined;
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

  /** Whether a build is on trial, so that waiting for it is worth while. One that hangs is ended. */
  isUnderWay(now: number): boolean {
    const upgrade = lookAtUpgrade(this.#deps.paths);
    const state = trialState(upgrade, upgrade !== undefined && isSameProcess(upgrade.process), now);
    if (state === 'hangs' && upgrade) endProcess(upgrade.process.pid);
    return state === 'runs' || state === 'hangs';
  }

  /** The copy that the backend and its agents run from is put back when somebody removed it under them. */
  repairRuntime(): void {
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

  #refused(): string | undefined {
    return refusalOf(this.#deps.paths, buildId(this.#deps.own))?.reason;
  }

  /** A build that fails is not tried again until a person asks for it. Throws `storage` when there is no room for its copy. */
  async #works(): Promise<boolean> {
    if (this.#isTriedOut) return true;
    const { paths, distDir, own, onProgress } = this.#deps;
    onProgress('Trying out the new version');
    const reason = await tryOut(copyRuntime(distDir, paths), paths);
    if (reason !== undefined) refuseBuild(paths, { build: buildId(own), reason, at: Date.now() });
    this.#isTriedOut = reason === undefined;
    return this.#isTriedOut;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
