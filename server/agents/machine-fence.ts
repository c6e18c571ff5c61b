/** What an agent would be fenced in by on this machine as everything is set now: found out beside all requests, and kept. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { SandboxExplanation, SandboxState } from '../protocol/sandbox.ts';
import type { ResourceFence } from '../protocol/supervision.ts';

export type MachineFenceDeps = {
  readonly try: (record: RunRecord) => Promise<SandboxExplanation>;
  /** The record of a run of nobody's, with the folders that lie in `dir`. */
  readonly recordIn: (dir: string) => RunRecord;
  /** How the paths of its scratch folders begin; nobody else has such. */
  readonly scratch: string;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Found = { readonly sandbox: SandboxState | null; readonly resources: ResourceFence | null };

/** Callers that come right after the start go first; and what is changed together is looked at once. */
const lookAfterMs = 500;

export class MachineFence {
  readonly changed = new Emitter<void>();
  readonly #deps: MachineFenceDeps;
  #found: Found = { sandbox: null, resources: null };
  #callOff: () => void = () => {};
  /** Which look was asked for last: what an earlier one finds is of settings that have changed since. */
  #asked = 0;

  constructor(deps: MachineFenceDeps) {
    this.#deps = deps;
  }

  /** Nulls until it is known. */
  get found(): Found {
    return this.#found;
  }

  /** Soon. */
  look(): void {
    this.#callOff();
    this.#asked += 1;
    const asked = this.#asked;
    this.#callOff = this.#deps.clock.after(lookAfterMs, () => void this.#look(asked));
  }

  close(): void {
    this.#asked += 1;
    this.#callOff();
  }

  async #look(asked: number): Promise<void> {
    try {
      const { state: sandbox, resources = null } = await this.#tryInScratch();
      if (asked !== this.#asked) return;
      this.#found = { sandbox, resources };
      this.changed.emit();
    } catch (err) {
      if (asked === this.#asked) this.#deps.log('what an agent would be fenced in by is not known', { err });
    }
  }

  async #tryInScratch(): Promise<SandboxExplanation> {
    // One that was killed in the middle left its own.
    removeAll(this.#deps.scratch);
    const dir = mkdtempSync(this.#deps.scratch);
    try {
      const record = this.#deps.recordIn(dir);
      for (const folder of [record.projectDir, record.agentDir, record.privateDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
      return await this.#deps.try(record);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

function removeAll(prefix: string): void {
  const [parent, start] = [dirname(prefix), basename(prefix)];
  for (const name of readdirSync(parent)) if (name.startsWith(start)) rmSync(join(parent, name), { recursive: true, force: true });
}
