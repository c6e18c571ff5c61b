/**
 * What each row of the audit log said, kept beside the database in a file that only grows: eight bytes for each row, at
 * the place of its number. Who changes rows can make the chain anew behind them; the witness tells which rows were others.
 * It is no secret: who can write this file too is found only by a head that a person keeps elsewhere.
 */
import { closeSync, constants, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { AuditLog } from './audit-log.ts';
import { fingerprint, fingerprintBytes } from './audit-row.ts';

/** Nobody knows what the row said: the power went before the file was on disk. */
export const unknownRow = 0n;
/** The row was there when a backend came, and no backend had written it. */
export const foreignRow = 0xffff_ffff_ffff_ffffn;

/** What is missing is caught up with in steps, so that a log of millions does not hold up the backend. */
const rowsAtOnce = 5_000;

export class AuditWitness {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** How many rows it knows of. */
  count(): number {
    return existsSync(this.#path) ? Math.floor(statSync(this.#path).size / fingerprintBytes) : 0;
  }

  /** One number for each row, the first row's first. */
  read(): BigUint64Array {
    const bytes = existsSync(this.#path) ? readFileSync(this.#path) : Buffer.alloc(0);
    return fingerprintsOf(bytes.subarray(0, bytes.length - (bytes.length % fingerprintBytes)));
  }

  /** Takes in the next rows it does not know of yet. */
  follow(audit: AuditLog): void {
    const known = this.count();
    const rows = audit.page(known, audit.head().seq, rowsAtOnce);
    const last = rows.at(-1)?.seq ?? known;
    if (last === known) return;
    const bytes = Buffer.alloc((last - known) * fingerprintBytes);
    for (const row of rows) bytes.set(fingerprint(row), (row.seq - known - 1) * fingerprintBytes);
    this.#append(known, bytes);
  }

  /** The rows from `first` to `last` are not ours. */
  disown(first: number, last: number): void {
    const known = this.count();
    if (last <= known) return;
    const bytes = Buffer.alloc((last - known) * fingerprintBytes);
    this.#append(known, bytes.fill(0xff, Math.max(0, first - known - 1) * fingerprintBytes));
  }

  /** Over the part of a fingerprint that a full disk may have left at the end. */
  #append(known: number, bytes: Uint8Array): void {
    const file = openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      writeSync(file, bytes, 0, bytes.length, known * fingerprintBytes);
    } finally {
      closeSync(file);
    }
  }
}

/** A copy, because numbers of eight bytes must lie at a multiple of eight. */
export function fingerprintsOf(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(new Uint8Array(bytes).buffer);
}
