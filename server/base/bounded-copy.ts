/** Copies what a person has put together, following their links, as long as it is not too much. */
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const maxFiles = 2_000;
const maxFileBytes = 4 * 1024 * 1024;
const maxDepth = 12;

export class BoundedCopy {
  /** Files and folders that were too large, too many or too deep. */
  leftOut = 0;
  #files = 0;

  /** A file, or a folder with all that is in it; false when there is neither. Nothing may be at `to` yet. */
  copy(from: string, to: string, depth = 0): boolean {
    const found = statSync(from, { throwIfNoEntry: false });
    if (found?.isFile()) return this.#file(from, to, found.size);
    if (!found?.isDirectory()) return false;
    if (depth > maxDepth) {
      this.leftOut += 1;
      return false;
    }
    mkdirSync(to, { mode: 0o700 });
    for (const name of readdirSync(from)) this.copy(join(from, name), join(to, name), depth + 1);
    return true;
  }

  #file(from: string, to: string, size: number): boolean {
    this.#files += 1;
    if (this.#files > maxFiles || size > maxFileBytes) {
      this.leftOut += 1;
      return false;
    }
    copyFileSync(from, to);
    return true;
  }
}
