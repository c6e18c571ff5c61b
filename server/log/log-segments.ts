/**
 * The files of one log: the current one, and those that were rotated away and got a number each, the oldest the lowest.
 * A number is never used twice, so that it names the same records for good.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

export type LogSegment = { readonly number: number; readonly path: string };

/** Oldest first. */
export function rotatedSegments(path: string): LogSegment[] {
  const [stem, extension] = parts(path);
  const numbers = namesIn(dirname(path)).flatMap((name) => {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) return [];
    const number = name.slice(stem.length + 1, -extension.length);
    return /^\d{1,9}$/.test(number) ? Number(number) : [];
  });
  return numbers.sort((a, b) => a - b).map((number) => ({ number, path: segmentPath(path, number) }));
}

/** All of them, with the current one last under the number that it will get. */
export function logSegments(path: string): LogSegment[] {
  const rotated = rotatedSegments(path);
  return [...rotated, { number: (rotated.at(-1)?.number ?? 0) + 1, path }];
}

export function segmentPath(path: string, number: number): string {
  const [stem, extension] = parts(path);
  return join(dirname(path), `${stem}.${number}${extension}`);
}

function parts(path: string): [stem: string, extension: string] {
  const extension = extname(path);
  return [basename(path, extension), extension];
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // No folder yet: nothing was logged.
    return [];
  }
}
