/** A data directory as a killed backend leaves it: both databases with their write-ahead logs and marks, nothing open. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataPaths, dataPaths } from '../../server/base/data-paths.ts';
import type { Stores } from '../../server/stores.ts';
import { TestStores } from './test-stores.ts';

/** `use` writes what is to be there; the marks are saved after it. */
export function crashedStores(use: (stores: Stores) => void): { readonly paths: DataPaths; remove(): void } {
  const living = new TestStores();
  use(living.stores);
  living.stores.saveMarks();
  const dir = mkdtempSync(join(tmpdir(), 'agor-crashed-'));
  cpSync(living.dir, dir, { recursive: true });
  living.remove();
  return { paths: dataPaths(dir), remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 10 }) };
}

export function flipBit(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

export function appendHeartbeats({ btmsg, audit }: Stores, count: number): void {
  for (let at = 1; at <= count; at += 1) {
    btmsg.write(() => audit.append({ at, event: 'heartbeat', agentId: null, actor: 'backend', detail: {} }));
  }
}
