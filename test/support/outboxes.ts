/** Outboxes in a folder of their own and events for them, for tests. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { SessionId } from '../../server/protocol/ids.ts';
import type { NewEvent, Outbox } from '../../server/sidecar/outbox.ts';
import { outboxMigrations } from '../../server/sidecar/outbox-rows.ts';
import type { BatchLimit } from '../../server/sidecar/sent-events.ts';
import { type Database, openDatabase } from '../../server/store/open-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-outbox-'));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

let files = 0;
export function newOutboxPath(): string {
  files += 1;
  mkdirSync(join(folder, `${files}`));
  return join(folder, `${files}`, 'outbox.db');
}

// An id made up for the test.
export const sessionId = '01900000-0000-7000-8000-000000000000' as SessionId;
export const everything: BatchLimit = { events: 10_000, bytes: 1e9 };
/** Of a backend that answers, without chance. */
export const terms = { build: 'this build', now: 1_000, random: 1 };

/** As any other program would open it. */
export function openPlain(path: string): Database {
  return openDatabase(path, { durability: 'full', migrations: outboxMigrations });
}

export function entry(text: string): NewEvent {
  return { at: 1, sessionId, event: { type: 'notice', level: 'info', text } };
}

/** Events of one kind that replace each other. */
export function usage(inputTokens: number, dedupeKey = 'usage'): NewEvent {
  const unknown = { outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null, contextTokens: null, contextWindowTokens: null };
  return { at: 1, sessionId, mode: 'coalesce', dedupeKey, event: { type: 'usage', usage: { inputTokens, ...unknown, costUsd: null } } };
}

export function appendAll(outbox: Outbox, texts: readonly string[]): Promise<number[]> {
  return Promise.all(texts.map((text) => outbox.append(entry(text))));
}

/** The numbers of all that waits. */
export function seqsOf(outbox: Outbox): number[] {
  const { events } = outbox.lend(everything);
  outbox.giveBack();
  return events.map(({ seq }) => seq);
}
