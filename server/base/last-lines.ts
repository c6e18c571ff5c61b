/** The lines of a text file that may be large, from its end backwards, as far as somebody reads. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const chunkBytes = 64 * 1024;
/** What is longer is no line of a text, and neither is what comes before it. */
const mostLineBytes = 1024 * 1024;
const newline = 0x0a;

/** At most `count` lines, oldest first; none of a file that does not exist. */
export function lastLines(path: string, count: number): string[] {
  const newestFirst: string[] = [];
  for (const line of linesFromEnd(path)) {
    if (newestFirst.length === count) break;
    if (newestFirst.length > 0 || line.trim() !== '') newestFirst.push(line);
  }
  return newestFirst.reverse();
}

/** Newest first. What comes after `endBytes` in the file is left out. */
export function* linesFromEnd(path: string, endBytes = Number.POSITIVE_INFINITY): Generator<string, void> {
  if (!existsSync(path)) return;
  const fd = openSync(path, 'r');
  try {
    let end = Math.min(fstatSync(fd).size, endBytes);
    // What ends the last line begins no other.
    if (end > 0 && bytesBetween(fd, end - 1, end)[0] === newline) end -= 1;
    let rest = Buffer.alloc(0);
    while (end > 0 && rest.length <= mostLineBytes) {
      const start = Math.max(0, end - chunkBytes);
      rest = Buffer.concat([bytesBetween(fd, start, end), rest]);
      for (let at = rest.lastIndexOf(newline); at !== -1; at = rest.lastIndexOf(newline)) {
        yield rest.toString('utf8', at + 1);
        rest = rest.subarray(0, at);
      }
      if (start === 0) yield rest.toString('utf8');
      end = start;
    }
  } finally {
    closeSync(fd);
  }
}

function bytesBetween(fd: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, start));
}
