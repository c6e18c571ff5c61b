/** Where a backend without a window finds secrets: systemd's credentials, and what a descriptor gave it at its start. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { type SecretInfo, SecretName } from '../protocol/secret.ts';

export type HeadlessSource = {
  /** Names and times, never values. */
  readonly list: () => SecretInfo[];
  /** Null when it has no such secret. */
  readonly read: (name: string) => string | null;
};

const mostSecretBytes = 64 * 1024;

/** `$CREDENTIALS_DIRECTORY`: a file for each secret, named for it. Read anew each time, so that a changed one counts. */
export function credentialsDirectory(folder: string): HeadlessSource {
  return {
    list: () => namesIn(folder).flatMap((name) => infoOf(folder, name)),
    read: (name) => {
      const [info] = infoOf(folder, name);
      return info ? orNull(readFileSync(join(folder, name), 'utf8').replace(/\r?\n$/, '')) : null;
    },
  };
}

type GivenSecrets = HeadlessSource & {
  /** False for a name that was not given. */
  readonly replace: (name: string, value: string, at: number) => boolean;
};

/** What was given once, and is in memory for as long as the backend lives; another value takes the place of the old one. */
export function givenSecrets(values: ReadonlyMap<string, string>, givenAt: number): GivenSecrets {
  const kept = new Map([...values].map(([name, value]) => [name, { value, at: givenAt }]));
  return {
    list: () =>
      [...kept]
        .map(([name, { at }]) => ({ name, updatedAt: at, source: 'descriptor' as const }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    read: (name) => orNull(kept.get(name)?.value ?? ''),
    replace: (name, value, at) => kept.has(name) && kept.set(name, { value, at }).has(name),
  };
}

/** A JSON object of names and values. What is wrong with it is told without a word of it. */
export function parseGivenSecrets(text: string): ReadonlyMap<string, string> {
  const parsed = z.safeParse(z.record(SecretName, z.string()), asJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new AgorError('badRequest', 'What --secrets-fd gave is not a JSON object of names and values, like {"anthropic": "…"}.');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, so nothing of it is handed on.
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => z.safeParse(SecretName, name).success)
      .sort();
  } catch {
    // systemd takes the folder away when the unit stops: then there is nothing in it.
    return [];
  }
}

/** Empty when it is no file, or one too large to be a secret. */
function infoOf(folder: string, name: string): SecretInfo[] {
  const stat = statSync(join(folder, name), { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > mostSecretBytes) return [];
  return [{ name, updatedAt: Math.round(stat.mtimeMs), source: 'credentialsDirectory' }];
}

function orNull(value: string): string | null {
  return value === '' ? null : value;
}
