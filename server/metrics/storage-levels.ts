/** From which size on a part of the data directory is large, and from which critical. Pure. */
import type { StorageKind, StorageLevel } from '../protocol/metrics.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

type Thresholds = { readonly largeBytes: number; readonly criticalBytes: number };

/** A log of a database goes back to nothing by itself, so a large one means that somebody keeps it from that. */
export const storageThresholds: Readonly<Record<StorageKind, Thresholds>> = {
  database: { largeBytes: 2 * gibibyte, criticalBytes: 10 * gibibyte },
  wal: { largeBytes: 32 * mebibyte, criticalBytes: 512 * mebibyte },
  logs: { largeBytes: 512 * mebibyte, criticalBytes: 2 * gibibyte },
  quarantine: { largeBytes: 512 * mebibyte, criticalBytes: 5 * gibibyte },
  backups: { largeBytes: 5 * gibibyte, criticalBytes: 20 * gibibyte },
  archive: { largeBytes: 2 * gibibyte, criticalBytes: 10 * gibibyte },
  agents: { largeBytes: 5 * gibibyte, criticalBytes: 20 * gibibyte },
  worktrees: { largeBytes: 10 * gibibyte, criticalBytes: 40 * gibibyte },
  bundles: { largeBytes: 2 * gibibyte, criticalBytes: 10 * gibibyte },
  imports: { largeBytes: 1 * gibibyte, criticalBytes: 5 * gibibyte },
  runtime: { largeBytes: 1 * gibibyte, criticalBytes: 5 * gibibyte },
};

const freeLarge = { share: 0.1, bytes: 10 * gibibyte };
const freeCritical = { share: 0.03, bytes: 1 * gibibyte };

export function levelOf(bytes: number, { largeBytes, criticalBytes }: Thresholds): StorageLevel {
  if (bytes >= criticalBytes) return 'critical';
  return bytes >= largeBytes ? 'large' : 'fine';
}

/** A share alone would warn of hundreds of free gibibytes on a large disk, and an amount alone of every small disk. */
export function diskLevel({ freeBytes, totalBytes }: { readonly freeBytes: number; readonly totalBytes: number }): StorageLevel {
  const isBelow = ({ share, bytes }: typeof freeLarge) => freeBytes < bytes && freeBytes < totalBytes * share;
  if (isBelow(freeCritical)) return 'critical';
  return isBelow(freeLarge) ? 'large' : 'fine';
}
