/** The agents that can be added: what is known of each, and what is installed here. */
import { statSync } from 'node:fs';
import { type AgentKind, agentKinds, type KindFacts, kindFacts } from '../protocol/agent-kinds.ts';
import type { CatalogueEntry, Installation } from '../protocol/catalogue.ts';
import { findProgram, safePath, type Whereabouts } from './find-program.ts';

export type CatalogueDeps = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Where programs are installed for all, beyond what a PATH may name. */
  readonly systemPlaces: readonly string[];
  readonly written: () => readonly string[];
  readonly versionOf: (file: string, environment: Readonly<Record<string, string>>) => Promise<string | null>;
};

/** Of the environment, what a program needs in order to say its version. */
const passed = ['HOME', 'LANG', 'TMPDIR', 'SystemRoot'];

export class Catalogue {
  readonly #deps: CatalogueDeps;
  /** By the file and what it was like; a new version is another file. */
  readonly #versions = new Map<string, string>();

  constructor(deps: CatalogueDeps) {
    this.#deps = deps;
  }

  /** All at once, so that one that hangs keeps nobody but itself waiting. */
  async list(path: string | undefined): Promise<CatalogueEntry[]> {
    const { environment, homeDir, written } = this.#deps;
    const at: Whereabouts = { path: path ?? environment.PATH ?? '', homeDir, written: written() };
    return Promise.all(agentKinds.map(async (kind) => entryOf(kind, await this.#installation(kindFacts[kind], at))));
  }

  async #installation({ program, places }: KindFacts, at: Whereabouts): Promise<Installation> {
    if (program === null) return { state: 'builtIn' };
    const found = findProgram(program, [...places, ...this.#deps.systemPlaces], at);
    if (found === null) return { state: 'missing' };
    const { file, onPath, isWritable } = found;
    return isWritable ? { state: 'writable', file } : { state: 'installed', file, version: await this.#version(file, at), onPath };
  }

  async #version(file: string, at: Whereabouts): Promise<string | null> {
    const known = this.#versions.get(keyOf(file));
    if (known !== undefined) return known;
    const { environment, versionOf } = this.#deps;
    const kept = passed.flatMap((name): [string, string][] => (environment[name] === undefined ? [] : [[name, environment[name]]]));
    const version = await versionOf(file, { ...Object.fromEntries(kept), PATH: safePath(at) });
    if (version !== null) this.#versions.set(keyOf(file), version);
    return version;
  }
}

function entryOf(kind: AgentKind, installation: Installation): CatalogueEntry {
  const { program, args, keys, places: _, ...facts } = kindFacts[kind];
  const isNamed = program !== null && (facts.provider === 'acp' || isElsewhere(installation));
  const command = isNamed ? [isElsewhere(installation) ? installation.file : program, ...args] : [];
  return { kind, ...facts, keys: [...keys], command, installation };
}

/** Not on the PATH, by which a provider would find it. */
function isElsewhere(installation: Installation): installation is Extract<Installation, { state: 'installed' }> {
  return installation.state === 'installed' && !installation.onPath;
}

function keyOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return [file, mtimeMs, size, ino].join('\0');
}
