/** Builds the recorder with the machine's compiler, and reads what it wrote down. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from '../../../scripts/environment.ts';
import type { Need } from '../row.ts';

export type WriteRecord =
  | { readonly kind: 'open'; readonly file: number; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: number; readonly length: number }
  | { readonly kind: 'flush'; readonly file: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'sent'; readonly bytes: Buffer };

const headerBytes = 24;

export const compiler: Need = {
  what: 'a C compiler, on Linux',
  isThere: () => process.platform === 'linux' && findOnPath(['cc']) !== undefined,
};

/** Returns the library to preload. */
export function buildRecorder(folder: string): string {
  const library = join(folder, 'record-writes.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, join(import.meta.dirname, 'record-writes.c'), '-ldl', '-lpthread']);
  return library;
}

export function recorderEnvironment(library: string, log: string, dataDir: string): NodeJS.ProcessEnv {
  return { LD_PRELOAD: library, AGOR_RECORD: log, AGOR_RECORD_DIR: dataDir };
}

export function readRecords(log: string): WriteRecord[] {
  const all = readFileSync(log);
  const records: WriteRecord[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at + 16);
    const bytes = all.subarray(at + headerBytes, at + headerBytes + length);
    const kind = String.fromCharCode(all.readUInt32LE(at));
    records.push(record(kind, { file: all.readUInt32LE(at + 4), offset: Number(all.readBigUInt64LE(at + 8)), bytes }));
    at += headerBytes + length;
  }
  return records;
}

function record(kind: string, { file, offset, bytes }: { file: number; offset: number; bytes: Buffer }): WriteRecord {
  const text = () => bytes.toString('utf8');
  if (kind === 'O') return { kind: 'open', file, path: text() };
  if (kind === 'W') return { kind: 'write', file, offset, bytes };
  if (kind === 'T') return { kind: 'truncate', file, length: offset };
  if (kind === 'F') return { kind: 'flush', file };
  if (kind === 'S') return { kind: 'sent', bytes };
  if (kind === 'U') return { kind: 'unlink', path: text() };
  const [from = '', to = ''] = text().split('\0');
  return { kind: 'rename', from, to };
}
