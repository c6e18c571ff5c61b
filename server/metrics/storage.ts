/** What the data directory holds, looked at when somebody asks, once at a time, and no sooner than half a minute after the last look. */
import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { StorageKind, StoragePart, StorageReport } from '../protocol/metrics.ts';
import { type FolderSize, fileSize, folderSize } from './folder-size.ts';
import { diskLevel, levelOf, storageThresholds } from './storage-levels.ts';

export type StorageDeps = {
  readonly dataDir: string;
  /** By what is in them; several of a kind are counted together. */
  readonly folders: readonly { readonly kind: StorageKind; readonly name: string; readonly paths: () => readonly string[] }[];
  readonly clock: Clock;
};

export const rememberMs = 30_000;
const mostFiles = 100_000;

export class Storage {
  readonly #deps: StorageDeps;
  #looking: Promise<StorageReport> | undefined;
  #last: { readonly endedAt: number; readonly report: StorageReport } | undefined;

  constructor(deps: StorageDeps) {
    this.#deps = deps;
  }

  /** A look at many files on a busy machine takes minutes: whoever asks meanwhile waits for that one. */
  async report(): Promise<StorageReport> {
    if (this.#last && this.#deps.clock.elapsed() - this.#last.endedAt < rememberMs) return this.#last.report;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    const report = await this.#looking;
    this.#last = { endedAt: this.#deps.clock.elapsed(), report };
    return report;
  }

  async #look(): Promise<StorageReport> {
    const { dataDir, folders, clock } = this.#deps;
    const parts = await this.#databases();
    for (const { kind, name, paths } of folders) parts.push(part(kind, name, await sizeOfAll(paths())));
    return { at: clock.now(), dataDir, parts, disk: await diskOf(dataDir) };
  }

  /** Whatever databases there are, each with its log. */
  async #databases(): Promise<StoragePart[]> {
    const { dataDir } = this.#deps;
    const names = (await readdir(dataDir)).filter((name) => name.endsWith('.db')).sort();
    const parts: StoragePart[] = [];
    for (const name of names) {
      parts.push(part('database', name, { bytes: await fileSize(join(dataDir, name)), isWhole: true }));
      parts.push(part('wal', `${name}-wal`, { bytes: await fileSize(join(dataDir, `${name}-wal`)), isWhole: true }));
    }
    return parts;
  }
}

async function sizeOfAll(folders: readonly string[]): Promise<FolderSize> {
  let [bytes, isWhole] = [0, true];
  for (const folder of folders) {
    const size = await folderSize(folder, mostFiles);
    bytes += size.bytes;
    isWhole &&= size.isWhole;
  }
  return { bytes, isWhole };
}

function part(kind: StorageKind, name: string, { bytes, isWhole }: FolderSize): StoragePart {
  const thresholds = storageThresholds[kind];
  return { kind, name, bytes, isWhole, ...thresholds, level: levelOf(bytes, thresholds) };
}

async function diskOf(folder: string): Promise<StorageReport['disk']> {
  const found = await statfs(folder).catch(() => undefined);
  if (!found) return null;
  const sizes = { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
  return { ...sizes, level: diskLevel(sizes) };
}
