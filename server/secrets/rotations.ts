/**
 * Gives a secret another value without stopping anybody: where the old one is kept, the new one takes its place, and each
 * agent that runs with it is handed it. The audit log says first that it begins and then how it went; one that was cut off
 * in between is finished by the next backend, with whichever value is kept by then.
 */
import type { AuditEntry } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { Rotation, SecretHolder, SecretInfo, SecretSource } from '../protocol/secret.ts';

/** `wasCutOff`: begun by a backend that ended in the middle of it. */
export type Rotated = Omit<Rotation, 'isFindable'> & { readonly actor: string; readonly at: number; readonly wasCutOff: boolean };

export type RotationsDeps = {
  readonly list: () => readonly SecretInfo[];
  /** Null when no source has it now. */
  readonly read: (name: string) => Promise<string | null>;
  /** Where a window keeps it; false when none does. Rejects with one sentence when it cannot be kept now. */
  readonly storeInWindows: (name: string, value: string) => Promise<boolean>;
  /** In the memory of this backend; false when it has none of that name. */
  readonly replaceGiven: (name: string, value: string) => boolean;
  readonly touch: (name: string) => void;
  readonly handOver: (name: string, value: string) => Promise<SecretHolder[]>;
  readonly isFindable: (value: string) => boolean;
  readonly audit: (entry: AuditEntry) => void;
  /** Names of those whose newest row says that they were begun, and no more. */
  readonly unfinished: () => readonly string[];
  readonly now: () => number;
};

type Step = 'begun' | 'done' | 'notDone';

export class Rotations {
  readonly done = new Emitter<Rotated>();
  readonly #deps: RotationsDeps;
  readonly #running = new Set<string>();

  constructor(deps: RotationsDeps) {
    this.#deps = deps;
  }

  /** Without a value the source has the new one already. */
  async rotate(name: string, value: string | undefined, actor: string): Promise<Rotation> {
    return this.#alone(name, async () => {
      const keptBy = this.#keeperOf(name, value);
      this.#tell(name, 'begun', actor, {});
      const kept = value ?? (await this.#readAgain(name, actor));
      if (value !== undefined) await this.#store({ name, value, keptBy, actor });
      if (keptBy === 'window') this.#deps.touch(name);
      const { agents } = await this.#hand({ name, value: kept, keptBy, actor, wasCutOff: false });
      return { name, keptBy, agents, isFindable: this.#deps.isFindable(kept) };
    });
  }

  /** Finishes what an earlier backend was cut off in, as far as somebody has the values now. */
  async resume(): Promise<void> {
    for (const name of this.#deps.unfinished()) {
      if (this.#running.has(name)) continue;
      await this.#alone(name, async () => {
        const value = await this.#deps.read(name);
        const keptBy = this.#deps.list().find((info) => info.name === name)?.source;
        if (value !== null && keptBy) await this.#hand({ name, value, keptBy, actor: 'backend', wasCutOff: true });
      });
    }
  }

  async #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#running.has(name)) throw new AgorError('conflict', `The secret "${name}" is being rotated already. Try again in a moment.`);
    this.#running.add(name);
    try {
      return await work();
    } finally {
      this.#running.delete(name);
    }
  }

  /** Throws where the new value could not be put. */
  #keeperOf(name: string, value: string | undefined): SecretSource {
    const known = this.#deps.list();
    const source = known.find((info) => info.name === name)?.source;
    if (!source) {
      const names = [...new Set(known.map((info) => info.name))].join(', ') || 'none';
      throw new AgorError('notFound', `There is no secret "${name}". Known: ${names}.`);
    }
    if (value !== undefined && source === 'credentialsDirectory')
      throw new AgorError(
        'refused',
        `The secret "${name}" is kept by systemd, and nobody else writes there. Change the credential, then rotate it without a value: it is read again.`,
      );
    return source;
  }

  async #readAgain(name: string, actor: string): Promise<string> {
    const value = await this.#deps.read(name);
    if (value !== null) return value;
    return this.#giveUp(name, actor, `No open window and no other source has the secret "${name}" now.`);
  }

  async #store({ name, value, keptBy, actor }: { name: string; value: string; keptBy: SecretSource; actor: string }): Promise<void> {
    try {
      const isKept = keptBy === 'window' ? await this.#deps.storeInWindows(name, value) : this.#deps.replaceGiven(name, value);
      if (isKept) return;
    } catch (error) {
      // Nobody knows whether it was kept: that is found out when somebody has it.
      if (!(error instanceof AgorError) || error.code === 'cancelled') throw error;
      return this.#giveUp(name, actor, error.message);
    }
    this.#giveUp(name, actor, `No open window keeps the secret "${name}". Open VS Code where it was set.`);
  }

  #giveUp(name: string, actor: string, why: string): never {
    this.#tell(name, 'notDone', actor, { why });
    throw new AgorError('unavailable', `${why} Nothing was changed: the old value stays in use. Rotate it again then.`);
  }

  async #hand({ value, ...about }: Omit<Rotated, 'agents' | 'at'> & { readonly value: string }): Promise<Rotated> {
    const agents = await this.#deps.handOver(about.name, value);
    const { wasCutOff, keptBy } = about;
    const namesOf = (takes: SecretHolder['takes']) => agents.filter((holder) => holder.takes === takes).map(({ agent }) => agent);
    const at = this.#tell(about.name, 'done', about.actor, {
      keptBy,
      told: namesOf('now'),
      waiting: namesOf('nextStart'),
      notRunning: namesOf('whenStarted'),
      ...(wasCutOff ? { wasCutOff } : {}),
    });
    const rotated = { ...about, agents, at };
    this.done.emit(rotated);
    return rotated;
  }

  #tell(name: string, step: Step, actor: string, detail: Readonly<Record<string, unknown>>): number {
    const at = this.#deps.now();
    this.#deps.audit({ at, event: 'credential_rotated', agentId: null, actor, detail: { name, step, ...detail } });
    return at;
  }
}
