/** The state of the whole backend, put together from what the others know. */
import { Emitter } from '../base/emitter.ts';
import type { BuildInfo, Health, SidecarReport } from '../protocol/health.ts';

export type HealthDeps = {
  readonly build: BuildInfo;
  readonly dataDir: string;
  readonly startedAt: number;
  readonly clients: () => number;
  readonly sidecars: () => SidecarReport[];
  readonly openApprovals: () => number;
  readonly problems: () => string[];
  readonly incident: () => Health['incident'];
  readonly turns: () => Health['turns'];
  readonly desktopNotices: () => Health['desktopNotices'];
  readonly backups: () => Health['backups'];
  /** What an agent would get on this machine now. */
  readonly fence: () => Pick<Health, 'sandbox' | 'resources'>;
  readonly checkpoints: () => NonNullable<Health['checkpoints']>;
};

export class HealthReport {
  readonly changed = new Emitter<Health>();
  readonly #deps: HealthDeps;
  #shown = '';
  #isTouched = false;

  constructor(deps: HealthDeps) {
    this.#deps = deps;
  }

  get(): Health {
    const { build, dataDir, startedAt, clients, sidecars, openApprovals, incident, turns } = this.#deps;
    const { desktopNotices, backups, fence, checkpoints } = this.#deps;
    const problems = this.#deps.problems();
    return {
      pid: process.pid,
      build,
      state: problems.length === 0 ? 'healthy' : 'degraded',
      problems,
      startedAt,
      dataDir,
      clients: clients(),
      sidecars: sidecars(),
      openApprovals: openApprovals(),
      incident: incident(),
      turns: turns(),
      desktopNotices: desktopNotices(),
      backups: backups(),
      ...fence(),
      checkpoints: checkpoints(),
    };
  }

  /** Something may have changed; told only if it did, and once for what happens at once. */
  touch(): void {
    if (this.#isTouched) return;
    this.#isTouched = true;
    setImmediate(() => this.#tell());
  }

  #tell(): void {
    this.#isTouched = false;
    const health = this.get();
    const text = JSON.stringify(health);
    if (text === this.#shown) return;
    this.#shown = text;
    this.changed.emit(health);
  }
}
