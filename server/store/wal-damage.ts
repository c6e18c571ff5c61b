/**
 * Whether a write-ahead log is damaged. SQLite takes the first frame whose checksum is wrong for the end of the log, so
 * one flipped bit drops every commit behind it without a word, and `integrity_check` stays "ok". The format is the one
 * of sqlite.org/fileformat2.html, section 4.
 */
import { existsSync, readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
/** The last bit says in which byte order checksums were made. */
const magicLittleEndian = 0x377f0682;
const magicBigEndian = 0x377f0683;
const walFormat = 3_007_000;

type Sum = readonly [number, number];
type Layout = { readonly frameBytes: number; readonly salts: bigint; readonly isBigEndian: boolean; readonly sum: Sum };

/** A phrase that says what is wrong; undefined when the log is whole, empty or not there. */
export function walDamage(walPath: string): string | undefined {
  return existsSync(walPath) ? damageIn(readFileSync(walPath)) : undefined;
}

/**
 * Each commit is on disk before the next one begins, so a power cut leaves at most one behind the first frame that does
 * not fit. Two or more are damage; that one alone was never acknowledged.
 */
export function damageIn(wal: Buffer): string | undefined {
  if (wal.length <= headerBytes) return undefined;
  const layout = readHeader(wal);
  // A header that was cut off in writing has at most one commit behind it, whatever its frames say.
  if (!layout) return wal.subarray(0, headerBytes).every((byte) => byte === 0) ? undefined : 'its header cannot be read';
  const whole = wholeFrames(wal, layout);
  const lost = commitsAfter(wal, layout, whole);
  return lost < 2 ? undefined : `frame ${whole + 1} is damaged, and at least ${lost} commits behind it cannot be read`;
}

function readHeader(wal: Buffer): Layout | undefined {
  const magic = wal.readUInt32BE(0);
  if (magic !== magicLittleEndian && magic !== magicBigEndian) return undefined;
  const isBigEndian = magic === magicBigEndian;
  const sum = checksum(wal, { from: 0, to: 24, sum: [0, 0], isBigEndian });
  if (sum[0] !== wal.readUInt32BE(24) || sum[1] !== wal.readUInt32BE(28)) return undefined;
  return { frameBytes: frameHeaderBytes + wal.readUInt32BE(8), salts: wal.readBigUInt64BE(16), isBigEndian, sum };
}

function wholeFrames(wal: Buffer, { frameBytes, salts, isBigEndian, sum: headerSum }: Layout): number {
  let sum = headerSum;
  let frames = 0;
  for (let at = headerBytes; at + frameBytes <= wal.length; at += frameBytes) {
    if (wal.readBigUInt64BE(at + 8) !== salts) return frames;
    sum = checksum(wal, { from: at, to: at + 8, sum, isBigEndian });
    sum = checksum(wal, { from: at + frameHeaderBytes, to: at + frameBytes, sum, isBigEndian });
    if (sum[0] !== wal.readUInt32BE(at + 16) || sum[1] !== wal.readUInt32BE(at + 20)) return frames;
    frames += 1;
  }
  return frames;
}

/** Frames of an earlier round have other salts. A frame that ends a commit tells the size of the database after it. */
function commitsAfter(wal: Buffer, { frameBytes, salts }: Layout, whole: number): number {
  let commits = 0;
  for (let at = headerBytes + whole * frameBytes; at + frameBytes <= wal.length; at += frameBytes) {
    if (wal.readBigUInt64BE(at + 8) === salts && wal.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}

/**
 * The same log with checksums that fit, so that SQLite reads the frames behind a damaged one too. What the damage made of
 * a page stays in it: the hashes of the rows tell which are no longer what they were.
 */
export function withFittingChecksums(wal: Buffer, pageBytes: number): Buffer {
  const repaired = Buffer.from(wal);
  if (repaired.length <= headerBytes + frameHeaderBytes) return repaired;
  if (!readHeader(repaired)) writeHeader(repaired, pageBytes);
  const layout = readHeader(repaired);
  if (layout) writeChecksums(repaired, layout);
  return repaired;
}

/** The salts are those of the first frame, which was written right after it. */
function writeHeader(wal: Buffer, pageBytes: number): void {
  wal.writeUInt32BE(magicLittleEndian, 0);
  wal.writeUInt32BE(walFormat, 4);
  wal.writeUInt32BE(pageBytes, 8);
  wal.copy(wal, 16, headerBytes + 8, headerBytes + 16);
  writeSum(wal, 24, checksum(wal, { from: 0, to: 24, sum: [0, 0], isBigEndian: false }));
}

function writeChecksums(wal: Buffer, { frameBytes, salts, isBigEndian, sum: headerSum }: Layout): void {
  let sum = headerSum;
  for (let at = headerBytes; at + frameBytes <= wal.length && wal.readBigUInt64BE(at + 8) === salts; at += frameBytes) {
    sum = checksum(wal, { from: at, to: at + 8, sum, isBigEndian });
    sum = checksum(wal, { from: at + frameHeaderBytes, to: at + frameBytes, sum, isBigEndian });
    writeSum(wal, at + 16, sum);
  }
}

function writeSum(wal: Buffer, at: number, [first, second]: Sum): void {
  wal.writeUInt32BE(first, at);
  wal.writeUInt32BE(second, at + 4);
}

type Range = { readonly from: number; readonly to: number; readonly sum: Sum; readonly isBigEndian: boolean };

function checksum(wal: Buffer, { from, to, sum, isBigEndian }: Range): Sum {
  let [first, second] = sum;
  for (let at = from; at < to; at += 8) {
    first = (first + (isBigEndian ? wal.readUInt32BE(at) : wal.readUInt32LE(at)) + second) >>> 0;
    second = (second + (isBigEndian ? wal.readUInt32BE(at + 4) : wal.readUInt32LE(at + 4)) + first) >>> 0;
  }
  return [first, second];
}
