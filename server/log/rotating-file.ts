/**
 * A file that lines are added to, bounded by size, age and the number of its predecessors. Each line is in the file when
 * `write` returns, so that the last words of a process that dies are there. It never throws: what the disk does not take
 * is lost, and a line that it took in part does not swallow the next one.
 */
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { rotatedSegments, segmentPath } from './log-segments.ts';

export type RotationLimits = {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Besides the current one. */
  readonly keptFiles: number;
  readonly keptMs: number;
};

const dayMs = 86_400_000;
const mebibyte = 1024 * 1024;
export const usualLimits: RotationLimits = { maxBytes: 10 * mebibyte, maxAgeMs: 7 * dayMs, keptFiles: 4, keptMs: 30 * dayMs };

type Opened = { readonly fd: number; bytes: number; readonly bornAt: number; isTorn: boolean };

export class RotatingFile {
  readonly #path: string;
  readonly #limits: RotationLimits;
  readonly #now: () => number;
  #file: Opened | undefined;

  constructor(path: string, limits: RotationLimits = usualLimits, now: () => number = Date.now) {
    this.#path = path;
    this.#limits = limits;
    this.#now = now;
  }

  /** `line` ends with its line end. Whether all of it is in the file. */
  write(line: string): boolean {
    try {
      const bytes = Buffer.from(line);
      if (this.#isDue(this.#opened(), bytes.length)) this.#rotate();
      return append(this.#opened(), bytes);
    } catch {
      // Full, read-only or gone: the next line tries anew.
      this.close();
      return false;
    }
  }

  close(): void {
    try {
      if (this.#file) closeSync(this.#file.fd);
    } catch {
      // Its disk is gone, and with it what was not written.
    }
    this.#file = undefined;
  }

  #opened(): Opened {
    this.#file ??= open(this.#path, this.#now());
    return this.#file;
  }

  #isDue(file: Opened, more: number): boolean {
    if (file.bytes === 0) return false;
    return file.bytes + more > this.#limits.maxBytes || this.#now() - file.bornAt > this.#limits.maxAgeMs;
  }

  #rotate(): void {
    this.close();
    const number = (rotatedSegments(this.#path).at(-1)?.number ?? 0) + 1;
    renameSync(this.#path, segmentPath(this.#path, number));
    this.#prune();
  }

  /** The newest one stays however old it is: the numbers go on after it. */
  #prune(): void {
    const newestFirst = rotatedSegments(this.#path).reverse();
    newestFirst.forEach(({ path }, index) => {
      const isOld = this.#now() - statSync(path).mtimeMs > this.#limits.keptMs;
      if (index > 0 && (index >= this.#limits.keptFiles || isOld)) rmSync(path, { force: true });
    });
  }
}

function open(path: string, now: number): Opened {
  const fd = openSync(path, 'a+', 0o600);
  const { size, birthtimeMs } = fstatSync(fd);
  // Some file systems do not know when a file was made.
  const bornAt = birthtimeMs > 0 ? birthtimeMs : now;
  return { fd, bytes: size, bornAt, isTorn: size > 0 && lastByte(fd, size) !== newline };
}

const newline = 0x0a;

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, size - 1);
  return byte[0];
}

function append(file: Opened, line: Buffer): boolean {
  const bytes = file.isTorn ? Buffer.concat([Buffer.from('\n'), line]) : line;
  const written = writeSync(file.fd, bytes);
  file.bytes += written;
  // A disk that fills up takes the beginning.
  if (written > 0) file.isTorn = written < bytes.length;
  return written === bytes.length;
}
