/**
 * The files as a disk may hold them when the power goes at some moment: what was flushed is there, and of what was not,
 * nothing, a beginning, any part of it or all, now and then torn in the middle of a page. Entries of folders count as
 * durable.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Random } from '../random.ts';
import type { WriteRecord } from './record.ts';

type Change = Extract<WriteRecord, { kind: 'write' | 'truncate' }>;
type File = { readonly durable: Content; pending: Change[] };

const tornChance = 0.05;
const sectorBytes = 512;

export class Disk {
  readonly #files = new Map<string, File>();
  readonly #paths = new Map<number, string>();

  /** What lies there before the first record. */
  constructor(files: ReadonlyMap<string, Buffer>) {
    for (const [path, bytes] of files) this.#files.set(path, { durable: new Content(bytes), pending: [] });
  }

  apply(record: WriteRecord): void {
    if (record.kind === 'open') this.#open(record.file, record.path);
    if (record.kind === 'write' || record.kind === 'truncate') this.#file(record.file)?.pending.push(record);
    if (record.kind === 'flush') this.#flush(this.#file(record.file));
    if (record.kind === 'unlink') this.#files.delete(record.path);
    if (record.kind === 'rename') this.#rename(record.from, record.to);
  }

  /** Writes what is left of the files into `folder`, made anew. */
  cut(folder: string, random: Random): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [path, { durable, pending }] of this.#files) {
      const left = new Content(durable.bytes());
      for (const change of surviving(pending, random)) left.apply(change);
      writeFileSync(join(folder, basename(path)), left.bytes());
    }
  }

  #open(id: number, path: string): void {
    this.#paths.set(id, path);
    if (!this.#files.has(path)) this.#files.set(path, { durable: new Content(Buffer.alloc(0)), pending: [] });
  }

  #file(id: number): File | undefined {
    const path = this.#paths.get(id);
    return path === undefined ? undefined : this.#files.get(path);
  }

  #flush(file: File | undefined): void {
    for (const change of file?.pending ?? []) file?.durable.apply(change);
    if (file) file.pending = [];
  }

  #rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (!file) return;
    this.#files.delete(from);
    this.#files.set(to, file);
  }
}

/** What a file holds; it grows in steps, since most of it is written at its end. */
class Content {
  #held: Buffer;
  #length: number;

  constructor(bytes: Buffer) {
    this.#held = Buffer.from(bytes);
    this.#length = bytes.length;
  }

  bytes(): Buffer {
    return this.#held.subarray(0, this.#length);
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') return this.#resize(change.length);
    this.#resize(Math.max(this.#length, change.offset + change.bytes.length));
    change.bytes.copy(this.#held, change.offset);
  }

  #resize(length: number): void {
    if (length > this.#held.length) this.#held = Buffer.concat([this.#held], Math.max(length, this.#held.length * 2));
    this.#held.fill(0, Math.min(length, this.#length), length);
    this.#length = length;
  }
}

function surviving(pending: readonly Change[], random: Random): Change[] {
  const way = random.pick(['none', 'prefix', 'some', 'all'] as const);
  if (way === 'none') return [];
  const first = way === 'prefix' ? random.below(pending.length + 1) : pending.length;
  const kept = pending.slice(0, first).filter(() => way !== 'some' || random.chance(0.5));
  return kept.map((change) => (random.chance(tornChance) ? torn(change, random) : change));
}

function torn(change: Change, random: Random): Change {
  if (change.kind === 'truncate') return change;
  const sectors = Math.ceil(change.bytes.length / sectorBytes);
  return { ...change, bytes: change.bytes.subarray(0, random.below(sectors) * sectorBytes) };
}
