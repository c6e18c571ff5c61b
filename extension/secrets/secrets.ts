/**
 * The person's secrets in VS Code's own store. Values stay in the extension host, and leave it only for the backend,
 * which asks for one when an agent starts; names and times are the backend's to keep.
 */
import { randomUUID } from 'node:crypto';
import type { SecretStorage } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { SecretInfo } from '../../server/protocol/secret.ts';
import type { Translate } from '../text/translate.ts';
import { lockedText, noKeyringText, type StoreKind } from './secret-store-kind.ts';

export type SecretsDeps = {
  readonly storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>;
  readonly storeKind: () => StoreKind;
  readonly names: () => Promise<readonly SecretInfo[]>;
  /** Tells the backend that one was set or deleted. */
  readonly record: (name: string, deleted: boolean) => Promise<unknown>;
  /** The keyring gives nothing now. */
  readonly onLocked: (error: AgorError) => void;
  /** False when the window is closed meanwhile. */
  readonly wait: (ms: number) => Promise<boolean>;
  readonly t: Translate;
};

const leastWaitMs = 2_000;
const mostWaitMs = 30_000;

/** `isHere`: this window can give its value. */
export type ListedSecret = SecretInfo & { readonly isHere: boolean };

export class Secrets {
  readonly #deps: SecretsDeps;
  #hasKeyring = false;
  readonly #asked = new Map<string, Promise<string | null>>();

  constructor(deps: SecretsDeps) {
    this.#deps = deps;
  }

  get storeKind(): StoreKind {
    return this.#deps.storeKind();
  }

  /** Throws `unavailable`, and stores nothing, where there is no keyring. */
  async storeSecret(name: string, value: string): Promise<void> {
    await this.requireKeyring();
    await this.#deps.storage.store(keyOf(name), value);
    await this.#deps.record(name, false);
  }

  /** Null when this window's store has none of that name. */
  async getSecret(name: string): Promise<string | null> {
    return (await this.#deps.storage.get(keyOf(name))) || null;
  }

  /** For the backend: another value where this window keeps the old one; false where it keeps none. Throws `unavailable` where it cannot. */
  async replaceSecret(name: string, value: string): Promise<boolean> {
    try {
      if ((await this.getSecret(name)) === null) return false;
      await this.#deps.storage.store(keyOf(name), value);
      if ((await this.getSecret(name)) === value) return true;
    } catch {
      // Locked and not opened, or gone. What it says of itself may hold the value, so it is not handed on.
    }
    throw new AgorError('unavailable', lockedText(name, this.#deps.t));
  }

  /** For the backend, which does not wait for ever: a keyring that is locked is told of once, and asked again until it opens. */
  giveSecret(name: string): Promise<string | null> {
    const asked = this.#asked.get(name) ?? this.#untilOpen(name).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    return asked;
  }

  async deleteSecret(name: string): Promise<void> {
    await this.#deps.storage.delete(keyOf(name));
    await this.#deps.record(name, true);
  }

  /** Names and times, of every source. */
  async listSecrets(): Promise<ListedSecret[]> {
    const listed = await this.#deps.names();
    const isHere = async ({ source, name }: SecretInfo) => source === 'window' && (await this.getSecret(name)) !== null;
    return Promise.all(listed.map(async (info) => ({ ...info, isHere: await isHere(info) })));
  }

  /** Found out by storing, reading and deleting a value of no worth. Once there was one it is not asked again. */
  async hasKeyring(): Promise<boolean> {
    this.#hasKeyring ||= this.storeKind !== 'memory' && (await this.#roundTrip());
    return this.#hasKeyring;
  }

  async requireKeyring(): Promise<void> {
    if (!(await this.hasKeyring())) throw new AgorError('unavailable', noKeyringText(this.#deps.t));
  }

  async #untilOpen(name: string): Promise<string | null> {
    for (let waitMs = leastWaitMs; ; waitMs = Math.min(2 * waitMs, mostWaitMs)) {
      try {
        return await this.getSecret(name);
      } catch {
        if (waitMs === leastWaitMs) this.#deps.onLocked(new AgorError('unavailable', lockedText(name, this.#deps.t)));
        if (!(await this.#deps.wait(waitMs))) return null;
      }
    }
  }

  async #roundTrip(): Promise<boolean> {
    const { storage } = this.#deps;
    const [key, value] = [`agor-canary/${randomUUID()}`, randomUUID()];
    try {
      await storage.store(key, value);
      const found = await storage.get(key);
      await storage.delete(key);
      return found === value && (await storage.get(key)) === undefined;
    } catch {
      // Locked and not opened, or not there at all: either way nothing can be kept.
      return false;
    }
  }
}

function keyOf(name: string): string {
  return `agor/${name}`;
}
