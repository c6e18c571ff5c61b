/** Looks for a planted secret, in all its usual encodings, wherever it must not be. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The value and how commands print it; what is split over several pieces of text is not looked for. */
export function formsOf(value: string): Record<string, string> {
  const bytes = Buffer.from(value);
  return {
    value,
    base64: bytes.toString('base64').replace(/=+$/, ''),
    hex: bytes.toString('hex'),
    percent: encodeURIComponent(value),
    reversed: [...value].reverse().join(''),
    json: JSON.stringify(value).slice(1, -1),
  };
}

/** Which forms stand in it. */
export function foundIn(content: Buffer | string, value: string): string[] {
  const bytes = Buffer.from(content);
  return Object.entries(formsOf(value)).flatMap(([name, form]) => (bytes.includes(form) ? [name] : []));
}

/** One line for each file below the folder that holds a form; also in the file's name. */
export function foundInFiles(folder: string, value: string): { readonly searched: number; readonly found: string[] } {
  const files = namesBelow(folder).filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
  const found = files.flatMap((name) =>
    [...foundIn(contentOf(join(folder, name)), value), ...foundIn(name, value)].map((form) => `${name}: ${form}`),
  );
  return { searched: files.length, found };
}

/** What is passing goes while it is looked at: then it is looked at again. */
function namesBelow(folder: string): string[] {
  for (;;) {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' });
    } catch (error) {
      if (!isGone(error) || !statSync(folder, { throwIfNoEntry: false })) throw error;
    }
  }
}

/** A file that is gone meanwhile keeps nothing. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isGone(error)) return Buffer.alloc(0);
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Of processes; one that ended meanwhile has nothing to find. */
export function foundInProcesses(pids: readonly number[], parts: readonly ('cmdline' | 'environ')[], value: string): string[] {
  return pids.flatMap((pid) => parts.flatMap((part) => foundIn(readProc(pid, part), value).map((form) => `${pid} ${part}: ${form}`)));
}

function readProc(pid: number, part: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${part}`);
  } catch {
    return Buffer.alloc(0);
  }
}
