/** The outbox as a file: where it is, who may hold it, what becomes of a damaged one, and what a dead sidecar left in it. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import type { OutboxReport } from '../protocol/outbox.ts';
import type { AppendAnswer } from '../protocol/sidecar-wire.ts';
import { type Database, openDatabase } from '../store/open-database.ts';
import { write } from '../store/transaction.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { outboxMigrations } from './outbox-rows.ts';
import type { SetAside } from './refused-events.ts';
import { batchLimit, type SentEvent } from './sent-events.ts';

type OpenOptions = OutboxOptions & {
  /** How long to wait for another process that holds it; a few seconds unless told. */
  readonly busyTimeoutMs?: number;
};

/** Whoever looks into another's file holds up everything else meanwhile. */
const lookBusyTimeoutMs = 250;

/** Where an agent's outbox is. */
export function outboxPath(privateDir: string): string {
  return join(privateDir, 'outbox.db');
}

/**
 * For the sidecar that fills it, and for the backend when no sidecar runs. One process at a time: a second one waits a
 * few seconds and is then refused, because two would give the same numbers.
 */
export function openOutbox(path: string, options: OpenOptions = {}): Outbox {
  try {
    return new Outbox(openAlone(path, options.busyTimeoutMs), options);
  } catch (cause) {
    if (hasCode(cause, /^SQLITE_BUSY/)) {
      throw new AgorError('storage', `${path} is in use: a sidecar of this agent still runs. End it first.`, { cause });
    }
    if (hasCode(cause, damaged)) throw new DamagedOutbox(path, cause);
    throw cause;
  }
}

/**
 * For the sidecar: a damaged file is kept aside and a new one begun, because the agent must be able to go on. `loss` says
 * what happened, in a sentence; null when all is there.
 */
export function openOrBeginOutbox(path: string, options: OpenOptions & { readonly now: number }): { outbox: Outbox; loss: string | null } {
  const isMissing = (options.afterSeq ?? 0) > 0 && !(existsSync(path) && statSync(path).size > 0);
  try {
    return { outbox: openOutbox(path, options), loss: isMissing ? missingText : null };
  } catch (error) {
    if (!(error instanceof DamagedOutbox)) throw error;
    const keptAs = putAside(path, options.now);
    return { outbox: openOutbox(path, options), loss: `${damagedText} The damaged file is ${keptAs}.` };
  }
}

const missingText =
  "The file that keeps the agent's events until the backend has them was gone. Events that waited in it are missing here.";
const damagedText =
  "The file that keeps the agent's events until the backend has them was damaged. Events that waited in it are missing here.";

/** Undefined without an outbox; one that is in use is refused with `storage`. */
export function useOutbox<T>(path: string, use: (outbox: Outbox) => T): T | undefined {
  if (!existsSync(path)) return undefined;
  const outbox = openOutbox(path, { busyTimeoutMs: lookBusyTimeoutMs });
  try {
    return use(outbox);
  } finally {
    outbox.close();
  }
}

/** Takes events that a sidecar left, and answers as to the sidecar itself. */
export type Taker = { readonly build: string; readonly take: (events: readonly SentEvent[]) => AppendAnswer };

export type Collected = { readonly taken: number; readonly setAside: readonly SetAside[]; readonly poisonedCount: number };

/**
 * Hands over, in order, what a dead sidecar left, by the same rules as a living one does, but without waiting: it ends
 * at an event that is to be tried later. What was not taken stays.
 */
export function collectOutbox(path: string, taker: Taker): Collected {
  const collected = useOutbox(path, (outbox) => {
    outbox.requeueUnsupported(taker.build);
    const setAside: SetAside[] = [];
    const waited = outbox.pendingCount;
    while (handOver(outbox, taker, setAside));
    return { taken: waited - outbox.pendingCount - setAside.length, setAside, poisonedCount: outbox.poisonedCount };
  });
  return collected ?? { taken: 0, setAside: [], poisonedCount: 0 };
}

/** The outboxes of agents whose sidecars do not run, for a backend of this build. */
export function outboxFiles<Id>(pathOf: (agentId: Id) => string, build: string) {
  return {
    collect: (agentId: Id, take: Taker['take']) => collectOutbox(pathOf(agentId), { build, take }),
    report: (agentId: Id, afterSeq: number | undefined): OutboxReport =>
      useOutbox(pathOf(agentId), (outbox) => ({ ...outbox.report(afterSeq), isHeldBack: false })) ?? emptyReport,
    requeue: (agentId: Id, keys: readonly string[] | undefined) => useOutbox(pathOf(agentId), (outbox) => outbox.requeue(keys)) ?? 0,
  };
}

const emptyReport: OutboxReport = { pending: 0, bytes: 0, isHeldBack: false, coalesced: 0, poisonedCount: 0, poisoned: [] };

/** Whether there may be more to hand over. */
function handOver(outbox: Outbox, { build, take }: Taker, setAside: SetAside[]): boolean {
  const lent = outbox.lend(batchLimit);
  setAside.push(...lent.setAside);
  if (lent.events.length === 0) return false;
  const waited = outbox.pendingCount;
  const verdict = outbox.settle(take(lent.events), { build, now: Date.now(), random: Math.random() });
  setAside.push(...verdict.setAside);
  return verdict.retry === null && outbox.pendingCount < waited;
}

function openAlone(path: string, busyTimeoutMs: number | undefined): Database {
  const db = openDatabase(path, {
    durability: 'full',
    migrations: outboxMigrations,
    ...(busyTimeoutMs !== undefined && { busyTimeoutMs }),
  });
  try {
    db.pragma('locking_mode = exclusive');
    // The lock is taken by the first write, even one that changes nothing, and then kept.
    write(db, () => db.prepare("update sqlite_sequence set seq = seq where name = 'outbox'").run());
    const answer = db.pragma('quick_check(1)', { simple: true });
    if (answer !== 'ok') throw new DamagedOutbox(path, new Error(String(answer)));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** With what belongs to it: the end of its write-ahead log may hold the newest events. */
function putAside(path: string, now: number): string {
  const folder = join(dirname(path), 'quarantine');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keptAs = join(folder, `${new Date(now).toISOString().replaceAll(':', '-')}-${basename(path)}`);
  for (const part of ['-wal', '-shm', '']) if (existsSync(path + part)) renameSync(path + part, keptAs + part);
  return keptAs;
}

const damaged = /^SQLITE_(NOTADB|CORRUPT)/;

class DamagedOutbox extends AgorError {
  constructor(path: string, cause: unknown) {
    super('storage', `${path} is damaged or is no database. The agent's next start keeps it aside and begins a new one.`, { cause });
  }
}

function hasCode(error: unknown, code: RegExp): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && code.test(String(cause.code))) return true;
  }
  return false;
}
