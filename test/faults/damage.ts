/** Ways in which the files of a data directory come to harm while no backend runs. */
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { Random } from './random.ts';

export type Damage = { readonly name: string; readonly do: (path: string, random: Random) => void };

export const emptied: Damage = { name: 'emptied', do: (path) => truncateSync(path, 0) };
export const removed: Damage = { name: 'removed', do: (path) => rmSync(path) };
export const garbage: Damage = { name: 'garbage', do: (path, random) => writeFileSync(path, random.bytes(statSync(path).size)) };
export const cutShort: Damage = { name: 'cut short', do: (path, random) => truncateSync(path, random.below(statSync(path).size)) };
/** The first bytes say what it is. */
export const headless: Damage = { name: 'without its first bytes', do: (path, random) => overwrite(path, 0, random.bytes(16)) };

/** Returns where it was. */
export function flipOneBit(path: string, random: Random): string {
  const at = random.below(statSync(path).size);
  const bit = random.below(8);
  const byte = readFileSync(path)[at] ?? 0;
  overwrite(path, at, Buffer.from([byte ^ (1 << bit)]));
  return `bit ${bit} of byte ${at}`;
}

const pageBytes = 4096;

export const pageOfGarbage: Damage = {
  name: 'with a page of garbage',
  do: (path, random) => overwrite(path, pageBytes * random.below(statSync(path).size / pageBytes), random.bytes(pageBytes)),
};

function overwrite(path: string, at: number, bytes: Buffer): void {
  if (!existsSync(path)) throw new Error(`there is no ${path} to be damaged`);
  const content = readFileSync(path);
  bytes.copy(content, at);
  writeFileSync(path, content);
}
