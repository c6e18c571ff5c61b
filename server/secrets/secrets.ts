/**
 * Finds the values that agents need, and forgets them at once: windows are asked first, then the sources that a
 * headless backend has. Only names and times are kept.
 */
import { Emitter } from '../base/emitter.ts';
import { within } from '../base/within.ts';
import type { SecretInfo, SecretUse } from '../protocol/secret.ts';
import type { HeadlessSource } from './headless-sources.ts';
import type { SecretNames } from './secret-names.ts';

export type SecretsDeps = {
  readonly names: SecretNames;
  /** Null when no window has it; waits for as long as one takes to answer. */
  readonly askWindows: (name: string) => Promise<string | null>;
  /** In the order in which they are asked. */
  readonly headless: readonly HeadlessSource[];
  /** A keyring that is locked asks the person first, so an answer may come late. */
  readonly windowTimeoutMs: number;
};

export class Secrets {
  /** The secret of that name is there now, or has changed: whoever waited for it may try again. */
  readonly available = new Emitter<string>();
  readonly #deps: SecretsDeps;

  constructor(deps: SecretsDeps) {
    this.#deps = deps;
  }

  list(): SecretInfo[] {
    const { names, headless } = this.#deps;
    return [...names.list(), ...headless.flatMap((source) => source.list())];
  }

  /** A window set or deleted it in its own store. */
  record(name: string, isDeleted: boolean, actor: string): void {
    this.#deps.names.record(name, isDeleted, actor);
    if (!isDeleted) this.available.emit(name);
  }

  /** Those that a source has now, by variable. */
  async read(uses: readonly SecretUse[]): Promise<Record<string, string>> {
    const found = await Promise.all(uses.map(async ({ variable, secret }) => [variable, await this.value(secret)] as const));
    return Object.fromEntries(found.flatMap(([variable, value]) => (value === null ? [] : [[variable, value]])));
  }

  /** Null when no source has it now. */
  async value(name: string): Promise<string | null> {
    return (await this.#ofWindows(name)) ?? this.#deps.headless.map((source) => source.read(name)).find((value) => value !== null) ?? null;
  }

  /** One that comes after its time is told as available: asked again, the window has it at hand. */
  async #ofWindows(name: string): Promise<string | null> {
    const asked = this.#deps.askWindows(name);
    if (await within(asked, this.#deps.windowTimeoutMs)) return asked;
    void asked.then((value) => value !== null && this.available.emit(name));
    return null;
  }
}
