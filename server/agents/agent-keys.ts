/** The keys of one agent on their way to its sidecar: what is to be handed over, what it lacks, and what was refused. */

import { AgorError } from '../protocol/errors.ts';
import type { SecretUse, TakesSecret } from '../protocol/secret.ts';
import type { SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';
import type { AgentRecord } from './agent-store.ts';
import { type CredentialLack, credentialLack, refusedKey } from './credential-lack.ts';

/** By variable. */
export type Secrets = Readonly<Record<string, string>>;

export type KeysDeps = {
  readonly record: () => AgentRecord;
  /** Asks windows and what else may hold them; gives those that were found, by variable. */
  readonly readSecrets: (uses: readonly SecretUse[]) => Promise<Secrets>;
  readonly onChange: () => void;
  /** Rejects with `unavailable` where no sidecar is connected. */
  readonly renewInSidecar: (wish: SidecarParams<'run/useSecrets'>) => Promise<SidecarResult<'run/useSecrets'>>;
};

export class AgentKeys {
  readonly #deps: KeysDeps;
  /** To be handed over. Of named secrets nothing stays here; what came from an environment is kept for the next start. */
  #secrets: Secrets = {};
  /** Counts how often they changed, and up to which change the sidecar has them: one may come while it is told. */
  #changes = 0;
  #toldChanges = 0;
  #lack: CredentialLack | undefined;
  /** The model's service did not take the key, and no other came since. */
  #isRefused = false;
  /** It did not, and the program that runs may have that one still. */
  #isProgramRefused = false;

  constructor(deps: KeysDeps) {
    this.#deps = deps;
  }

  /** What it waits for, in a few words; undefined while it lacks nothing. */
  get lacking(): string | undefined {
    return this.#lack?.short;
  }

  get hasNew(): boolean {
    return this.#changes !== this.#toldChanges;
  }

  /** Which change was the last; see `told`. */
  get changes(): number {
    return this.#changes;
  }

  /** Handed over when the session is opened the next time. Without any, the old ones may be tried again. */
  give(secrets: Secrets): void {
    this.#isRefused = false;
    if (Object.keys(secrets).length === 0) return;
    this.#secrets = secrets;
    this.#changes += 1;
  }

  /** The agent is to have its key from elsewhere from now on. */
  forget(): void {
    this.#secrets = {};
    this.#isRefused = false;
  }

  /** A named secret has another value now: it is read again before the next prompt. */
  renew(): void {
    this.#isRefused = false;
    this.#changes += 1;
  }

  /** The sidecar has what there was at that change. */
  told(changes: number): void {
    this.#toldChanges = changes;
  }

  /** A start is over. What a person or a window gave for it is forgotten. */
  forgetNamed(): void {
    if (this.#deps.record().credentials === 'secret') this.#secrets = {};
  }

  lacksNothing(): void {
    this.#lack = undefined;
  }

  /** Nobody wants it to start any more. */
  stopped(): void {
    this.#lack = undefined;
    this.#isRefused = false;
    this.#isProgramRefused = false;
  }

  /** What `run/open` takes. */
  wish(): Pick<SidecarParams<'run/open'>, 'secrets' | 'secretNames'> {
    return { secrets: { ...this.#secrets }, secretNames: this.#names() };
  }

  /** Asks for them where that is due. What was given by hand is not asked for. */
  async gather(): Promise<void> {
    const { credentials, secretUses } = this.#deps.record();
    if (credentials !== 'secret') return;
    const found = await this.#deps.readSecrets(secretUses.filter(({ variable }) => this.#secrets[variable] === undefined));
    this.#secrets = { ...found, ...this.#secrets };
  }

  /** Throws `needsCredentials` for one that starts without a key that it needs. */
  require(): void {
    this.#lack = credentialLack(this.#deps.record(), this.#secrets);
    if (this.#lack) throw new AgorError('needsCredentials', this.#lack.message);
  }

  /** Throws `needsCredentials` for one that runs with a key that was refused. */
  requireAccepted(): void {
    if (!this.#isRefused || this.hasNew) return;
    this.#lack = refusedKey(this.#deps.record());
    throw new AgorError('needsCredentials', this.#lack.message);
  }

  /**
   * Other values for what runs now; see `run/useSecrets`. Whoever is not reached reads them again before its next prompt.
   */
  async use(secrets: Secrets, { restart }: { readonly restart: boolean }): Promise<TakesSecret> {
    const hadNew = this.hasNew;
    if (Object.keys(secrets).length > 0) this.renew();
    const changes = this.#changes;
    try {
      const { takes } = await this.#deps.renewInSidecar({ secrets, secretNames: this.#names(), restart });
      if (!hadNew) this.told(changes);
      if (takes === 'now') {
        this.#lack = undefined;
        this.#isProgramRefused = false;
      }
      this.#deps.onChange();
      return takes;
    } catch (error) {
      // A sidecar of an older build does not know how; one that is away may come back, or its end is told.
      return error instanceof AgorError && error.code === 'unavailable' ? 'whenStarted' : 'nextStart';
    }
  }

  /**
   * The model's service has refused the key in a turn: nothing is given to the agent until it has another, or a person
   * starts it. False when its program had an old key, and has the new one now.
   */
  async refused(): Promise<boolean> {
    this.#lack = refusedKey(this.#deps.record());
    this.#isRefused = true;
    this.#isProgramRefused = true;
    if (!(await this.restartProgram())) return true;
    this.#isRefused = false;
    this.#lack = undefined;
    return false;
  }

  /** Once: a program whose key was refused is started again with what its sidecar has now, if that is another. */
  async restartProgram(): Promise<boolean> {
    if (!this.#isProgramRefused) return false;
    const renewed = await this.#deps.renewInSidecar({ secrets: {}, secretNames: {}, restart: true }).catch(() => undefined);
    if (renewed?.wasRestarted) this.#isProgramRefused = false;
    return renewed?.wasRestarted ?? false;
  }

  #names(): Secrets {
    return Object.fromEntries(this.#deps.record().secretUses.map(({ variable, secret }) => [variable, secret]));
  }
}
