/** The lines of a file that somebody may be writing: only those that have ended. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

export type WholeLine = { readonly text: string /** Where in the file the next line begins. */; readonly endBytes: number };

/** From `startBytes` on, oldest first; none of a file that does not exist. */
export function* wholeLines(path: string, startBytes = 0): Generator<WholeLine, void> {
  if (!existsSync(path)) return;
  const fd = openSync(path, 'r');
  try {
    let lineBytes = startBytes;
    let rest = Buffer.alloc(0);
    for (let chunk = readAt(fd, lineBytes); chunk.length > 0; chunk = readAt(fd, lineBytes + rest.length)) {
      rest = Buffer.concat([rest, chunk]);
      for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline)) {
        lineBytes += at + 1;
        yield { text: rest.toString('utf8', 0, at), endBytes: lineBytes };
        rest = rest.subarray(at + 1);
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** How many bytes of the file belong to lines that have ended. */
export function wholeBytes(path: string): number {
  if (!existsSync(path)) return 0;
  const fd = openSync(path, 'r');
  try {
    for (let end = fstatSync(fd).size; end > 0; end -= chunkBytes) {
      const start = Math.max(0, end - chunkBytes);
      const at = readAt(fd, start, end - start).lastIndexOf(newline);
      if (at !== -1) return start + at + 1;
    }
    return 0;
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, position: number, length = chunkBytes): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}
