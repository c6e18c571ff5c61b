/**
 * What a process wrote on its error output past its log (how the runtime and native code speak when they crash), as
 * records: the time of its last words is the only one that is known.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { levelNumbers } from '../protocol/log-record.ts';

/** More than that is never shown of it. */
const mostBytes = 64 * 1024;

export type ErrorOutput = { readonly text: string; readonly at: Date; readonly bytes: number };

/** What was written past `startBytes`; of a file that is shorter by now, because it was begun anew, all. */
export function errorOutput(path: string, startBytes = 0): ErrorOutput {
  if (!existsSync(path)) return { text: '', at: new Date(0), bytes: 0 };
  const fd = openSync(path, 'r');
  try {
    const { size, mtime } = fstatSync(fd);
    const start = Math.max(size < startBytes ? 0 : startBytes, size - mostBytes);
    const bytes = Buffer.alloc(size - start);
    return { text: bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start)), at: mtime, bytes: size };
  } finally {
    closeSync(fd);
  }
}

export function asRecords({ text, at }: ErrorOutput): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((msg) => JSON.stringify({ level: levelNumbers.warn, time: at.toISOString(), component: 'stderr', msg }));
}
