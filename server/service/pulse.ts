/**
 * Proof, again and again, that the backend does what it is there for: its loop turns, and each database of record gives
 * what is in it. A round that fails leaves no trace but its reason, so the last good one gets old.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { Emitter } from '../base/emitter.ts';
import { type BuildInfo, buildId, type SidecarReport } from '../protocol/health.ts';
import type { HealthFile } from '../protocol/health-file.ts';

/** Often enough for a file that is old after 30 s, and seldom enough to cost nothing. */
export const usualRoundMs = 5_000;

export type DatabaseName = keyof HealthFile['db'];

export type PulseDeps = {
  /** Reads what is in it; throws when that fails. */
  readonly read: Readonly<Record<DatabaseName, () => void>>;
  readonly sidecars: () => readonly SidecarReport[];
  readonly maxAgeSec: () => number;
  readonly build: BuildInfo;
  readonly path: string;
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type Round = { readonly at: number; readonly failures: Readonly<Partial<Record<DatabaseName, string>>> };

export class Pulse {
  /** Of good rounds only. */
  readonly beaten = new Emitter<void>();
  readonly #deps: PulseDeps;
  readonly #startedMs: number;
  #lastGoodMs: number;
  #isUnwritten = false;
  #last: Round;

  constructor(deps: PulseDeps) {
    this.#deps = deps;
    this.#startedMs = deps.elapsed();
    this.#lastGoodMs = this.#startedMs;
    this.#last = { at: deps.now(), failures: {} };
  }

  get last(): Round {
    return this.#last;
  }

  /** How long ago all was well, by a clock that nobody sets. */
  get ageMs(): number {
    return Math.round(this.#deps.elapsed() - this.#lastGoodMs);
  }

  get uptimeSec(): number {
    return Math.round((this.#deps.elapsed() - this.#startedMs) / 1000);
  }

  /** Looks, and remembers what it found. */
  look(): Round {
    const names = Object.keys(this.#deps.read) as DatabaseName[];
    const failures = names.flatMap((name) => this.#failureOf(name));
    this.#last = { at: this.#deps.now(), failures: Object.fromEntries(failures) };
    if (failures.length === 0) this.#lastGoodMs = this.#deps.elapsed();
    return this.#last;
  }

  /** Looks, and tells of a good round in the file and to who listens. */
  beat(): void {
    const { at, failures } = this.look();
    if (Object.keys(failures).length > 0) return this.#deps.log('a round of the health check failed', { failures });
    this.#write(at);
    this.beaten.emit();
  }

  /** The backend ends in order: what is not there is not old. */
  end(): void {
    rmSync(this.#deps.path, { force: true });
  }

  #failureOf(name: DatabaseName): [DatabaseName, string][] {
    try {
      this.#deps.read[name]();
      return [];
    } catch (error) {
      return [[name, error instanceof Error ? error.message : String(error)]];
    }
  }

  /** Not forced to the disk: it says nothing about a backend of before the power went. */
  #write(at: number): void {
    const { path, log } = this.#deps;
    const temporary = `${path}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify(this.#file(at))}\n`, { mode: 0o600 });
      renameSync(temporary, path);
      this.#isUnwritten = false;
    } catch (err) {
      if (!this.#isUnwritten) log('the health file cannot be written, so it gets old', { err });
      this.#isUnwritten = true;
    }
  }

  #file(at: number): HealthFile {
    const { build, maxAgeSec, sidecars } = this.#deps;
    return {
      ...{ ts: at, uptime: this.uptimeSec, pid: process.pid, build: buildId(build), gitSha: build.gitSha, maxAgeSec: maxAgeSec() },
      db: { sessions: 'ok', btmsg: 'ok' },
      sidecars: sidecars().map(({ agentId, pid, state, connected }) => ({ agentId, pid, state, connected })),
    };
  }
}
