/** The end of a text file that may be large. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const maxBytes = 1024 * 1024;

/** At most `count` lines, oldest first, from the last mebibyte; none of a file that does not exist. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const start = Math.max(0, size - maxBytes);
    const bytes = Buffer.alloc(size - start);
    const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start)).trimEnd();
    if (text === '') return [];
    // Of a line that began before the part that was read only its end is there.
    return text
      .split('\n')
      .slice(start > 0 ? 1 : 0)
      .slice(-count);
  } finally {
    closeSync(fd);
  }
}
