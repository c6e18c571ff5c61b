/** The same texts in one file, and a program that looks through it: how long it takes to its first twenty lines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, globSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from '../../scripts/environment.ts';
import type { Database } from '../../server/store/open-database.ts';

const wantedLines = 20;

/** Undefined where there is none; the one that VS Code brings counts. */
export function findRipgrep(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'rg'));
  const ofEditors = globSync(`code-server-*/node_modules/**/ripgrep*/bin/${process.platform}-${process.arch}/rg`, {
    cwd: cacheFolder(),
  }).map((path) => join(cacheFolder(), path));
  return [...onPath, ...ofEditors].find((path) => existsSync(path));
}

/** A line for each message, in their order. */
export function writeTexts(db: Database, path: string): void {
  const file = openSync(path, 'w');
  for (const text of db.prepare<[], string>(`select json_extract(body, '$.text') from items order by rowid`).pluck().iterate()) {
    writeSync(file, `${text.replaceAll('\n', ' ')}\n`);
  }
  closeSync(file);
}

/** A query of the search in ripgrep's terms: every word, in any order, as whole words in whatever case. */
export async function grepMs(program: string, query: string, path: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(program, ['--no-config', '--ignore-case', '--pcre2', '--regexp', patternOf(query), path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  let lines = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    lines += 1;
    if (lines === wantedLines) break;
  }
  const tookMs = performance.now() - begun;
  child.kill();
  await closed;
  return tookMs;
}

function patternOf(query: string): string {
  const wanted = query.replace(/ agent:\w+/, '');
  if (wanted.startsWith('"')) return `\\b${wanted.replaceAll('"', '')}\\b`;
  if (wanted.endsWith('*')) return `\\b${wanted.slice(0, -1)}`;
  const [first = '', ...others] = wanted.split(' ');
  if (others.length === 0) return `\\b${first}\\b`;
  return `^${[first, ...others].map((word) => `(?=.*\\b${word}\\b)`).join('')}`;
}
