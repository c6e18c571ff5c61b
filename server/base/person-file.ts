/** A file that a person writes and the backend only reads: whether it is another one now, and its text. */
import { readFileSync, statSync } from 'node:fs';

/** The same as long as nobody has written to it. */
export function fingerprintOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? [found.ino, found.size, found.mtimeMs].join(' ') : 'none';
  } catch {
    return 'out of reach';
  }
}

/** Undefined when there is no file; an error, with what to do, when it cannot be read or has more than `maxBytes`. */
export function readPersonFile(path: string, maxBytes: number): string | Error | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isFile()) return new Error('This is no file. Put a text of JSON in its place.');
    if (found.size > maxBytes) return new Error(`The file has ${found.size} bytes; at most ${maxBytes} are read.`);
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return new Error(`The file cannot be read (${code}). Check its owner and mode, and those of its folder.`);
  }
}
