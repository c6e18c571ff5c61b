/**
 * Reads what an agent's sidecar wrote while it goes on writing: the records of its log, through the files that this was
 * rotated into, and with them what came out on its error output past the log, which is how a crash speaks.
 */
import * as z from 'zod/mini';
import { linesFromEnd } from '../base/last-lines.ts';
import { type WholeLine, wholeBytes, wholeLines } from '../base/whole-lines.ts';
import { AgorError } from '../protocol/errors.ts';
import { levelNumbers } from '../protocol/log-record.ts';
import type { LogLevel } from '../protocol/requests.ts';
import { asRecords, errorOutput } from './error-output.ts';
import { type LogSegment, logSegments } from './log-segments.ts';

export type LogFiles = { readonly records: string; readonly errorOutput: string };

export type LogWish = {
  readonly lines: number;
  readonly level?: LogLevel | undefined;
  /** Of an earlier answer: what was written since. */
  readonly cursor?: string | undefined;
};

/** One JSON record each, oldest first. */
export type LogPart = { readonly lines: string[]; readonly cursor: string };

/** How far a reader is: in which file of the log, and how many bytes of it and of the error output it has. */
const count = z.number().check(z.int(), z.nonnegative());
const Place = z.object({ segment: count, bytes: count, errorBytes: count });
type Place = z.infer<typeof Place>;
type Part = { readonly lines: string[]; readonly place: Place };

/** So far back the last records of a level are looked for, and so much one answer holds. */
const mostScannedChars = 8 * 1024 * 1024;
const mostAnswerChars = 1024 * 1024;

/** Throws `badRequest` for a cursor that no answer gave. */
export function readLog(files: LogFiles, wish: LogWish): LogPart {
  const from = wish.cursor === undefined ? undefined : asPlace(wish.cursor);
  for (;;) {
    const segments = logSegments(files.records);
    const part = from ? partSince(files, segments, from, wish) : lastPart(files, segments, wish);
    // Rotated meanwhile, the current file was taken for another one.
    if (newestOf(logSegments(files.records)) === newestOf(segments)) return { lines: part.lines, cursor: asCursor(part.place) };
  }
}

function lastPart(files: LogFiles, segments: readonly LogSegment[], wish: LogWish): Part {
  const place = { segment: newestOf(segments), bytes: wholeBytes(files.records) };
  const errors = errorOutput(files.errorOutput);
  const lines = inOrder(lastRecords(segments, place.bytes, wish), wanted(asRecords(errors), wish));
  return { lines: newestWithin(lines.slice(-wish.lines)), place: { ...place, errorBytes: errors.bytes } };
}

function lastRecords(segments: readonly LogSegment[], currentBytes: number, wish: LogWish): string[] {
  const newestFirst: string[] = [];
  let scannedChars = 0;
  for (const [index, { path }] of segments.toReversed().entries()) {
    for (const line of linesFromEnd(path, index === 0 ? currentBytes : undefined)) {
      newestFirst.push(...wanted([line], wish));
      scannedChars += line.length;
      if (newestFirst.length >= wish.lines || scannedChars > mostScannedChars) return newestFirst.reverse();
    }
  }
  return newestFirst.reverse();
}

function partSince(files: LogFiles, segments: readonly LogSegment[], from: Place, wish: LogWish): Part {
  const oldest = segments[0]?.number ?? 1;
  const isGone = from.segment < oldest;
  const errors = errorOutput(files.errorOutput, from.errorBytes);
  const lines = [...(isGone ? [goneRecord()] : []), ...wanted(asRecords(errors), wish)];
  let place = { ...(isGone ? { segment: oldest, bytes: 0 } : from), errorBytes: errors.bytes };
  let chars = 0;
  for (const { segment, line } of linesPast(segments, place)) {
    place = { ...place, segment, bytes: line.endBytes };
    lines.push(...wanted([line.text], wish));
    chars += line.text.length;
    if (lines.length >= wish.lines || chars > mostAnswerChars) break;
  }
  return { lines, place };
}

function* linesPast(segments: readonly LogSegment[], from: Place): Generator<{ segment: number; line: WholeLine }> {
  for (const { number: segment, path } of segments) {
    if (segment < from.segment) continue;
    for (const line of wholeLines(path, segment === from.segment ? from.bytes : 0)) yield { segment, line };
  }
}

function wanted(lines: readonly string[], { level }: LogWish): string[] {
  return lines.filter((line) => line !== '' && (level === undefined || numberOf(line) >= levelNumbers[level]));
}

/** A line that is no record is what is left of one, and shown at every level. */
function numberOf(line: string): number {
  return Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** The error output comes as a whole, before the first record that is younger than it. */
function inOrder(records: readonly string[], errors: readonly string[]): string[] {
  const at = timeOf(errors[0] ?? '');
  const index = records.findIndex((record) => timeOf(record) > at);
  return index === -1 ? [...records, ...errors] : [...records.slice(0, index), ...errors, ...records.slice(index)];
}

function timeOf(line: string): string {
  return /"time":"([^"]*)"/.exec(line)?.[1] ?? '';
}

function newestWithin(lines: readonly string[]): string[] {
  let chars = 0;
  const tooMany = lines.findLastIndex((line) => {
    chars += line.length;
    return chars > mostAnswerChars;
  });
  return lines.slice(tooMany + 1);
}

function goneRecord(): string {
  const msg = 'What was written in between is gone: the log was rotated away faster than it was read.';
  return JSON.stringify({ level: levelNumbers.warn, time: new Date().toISOString(), component: 'logger', msg });
}

function newestOf(segments: readonly LogSegment[]): number {
  return segments.at(-1)?.number ?? 1;
}

function asCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function asPlace(cursor: string): Place {
  try {
    return z.parse(Place, JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AgorError('badRequest', 'That is no cursor of an earlier answer. Ask without one for the last lines.', { cause });
  }
}
