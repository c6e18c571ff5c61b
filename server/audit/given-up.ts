/**
 * Whether a head that was kept elsewhere, and is not in the log, is of what a restore gave up. The row by which the log goes
 * on after a restore names the head of then; an earlier one is proved by the database that was kept, whose chain leads from
 * it to that head. What is not proved stays a log that was cut off or rewritten.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as othersFirst } from 'node:timers/promises';
import * as z from 'zod/mini';
import { openReadOnly } from '../store/read-only.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditHead, type AuditRow, chainHash } from './audit-row.ts';

const place = z.object({ seq: z.number(), hash: z.string() });
const Detail = z.object({ head: place, before: place, keptIn: z.string() });

/** What a row says of the restore behind which the log goes on with it. */
export type Bridge = { readonly seq: number; readonly at: number } & z.infer<typeof Detail>;

/** `seq`: of the row that tells of the restore. */
export type GivenUp = { readonly isProved: boolean; readonly seq: number; readonly detail: string };

const rowsAtOnce = 1_000;

/** Undefined for a row that tells of something else. */
export function bridgeOf({ event, seq, at, detail }: Pick<AuditRow, 'event' | 'seq' | 'at' | 'detail'>): Bridge | undefined {
  if (event !== 'data_restored') return undefined;
  const read = Detail.safeParse(parsed(detail));
  return read.success ? { seq, at, ...read.data } : undefined;
}

/** Undefined where no restore gave up a row of that number. */
export async function givenUp(head: AuditHead, bridges: readonly Bridge[], dataDir: string): Promise<GivenUp | undefined> {
  const fitting = bridges.filter(({ head: back, before }) => back.seq < head.seq && head.seq <= before.seq);
  let unproved: GivenUp | undefined;
  for (const bridge of fitting.toReversed()) {
    const found = await judge(head, bridge, keptFolder(bridge, dataDir));
    if (found?.isProved) return found;
    unproved ??= found;
  }
  return unproved;
}

async function judge(head: AuditHead, bridge: Bridge, folder: string): Promise<GivenUp | undefined> {
  const { head: back, before, at, seq } = bridge;
  const when = `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
  const rows = rowsText(back.seq + 1, before.seq);
  const database = join(folder, 'btmsg.db');
  const isKept = existsSync(database);
  const sentence = `Row ${head.seq} as it was kept is of before the restore of ${when}: the chain goes on from row ${back.seq}, and row ${seq} says so.`;
  if (head.seq === before.seq && head.hash === before.hash) {
    return {
      isProved: true,
      seq,
      detail: `${sentence} ${rows} of then ${isKept ? `are in ${folder}.` : `were kept in ${bridge.keptIn}, which is gone.`}`,
    };
  }
  const proof = isKept ? await leadsTo(database, head, before) : 'missing';
  if (proof === 'leads') return { isProved: true, seq, detail: `${sentence} ${rows} of then are in ${folder}.` };
  if (proof === 'other') return undefined;
  const why = proof === 'missing' ? 'is gone' : 'cannot be read';
  return {
    isProved: false,
    seq,
    detail: `The restore of ${when} gave up ${rows.toLowerCase()}; whether this was one of them only ${database} could show, which ${why}.`,
  };
}

/** Whether the chain in the kept database holds from one row to the other; nobody writes there any more. */
async function leadsTo(path: string, from: AuditHead, to: AuditHead): Promise<'leads' | 'other' | 'unreadable'> {
  try {
    const db = openReadOnly(path);
    try {
      return (await isChain(new AuditLog(db), from, to)) ? 'leads' : 'other';
    } finally {
      db.close();
    }
  } catch {
    // It may have been given up because it was damaged.
    return 'unreadable';
  }
}

async function isChain(audit: AuditLog, from: AuditHead, to: AuditHead): Promise<boolean> {
  let before: AuditHead = from;
  if (audit.hashAt(from.seq) !== from.hash) return false;
  while (before.seq < to.seq) {
    const rows = audit.page(before.seq, to.seq, rowsAtOnce);
    if (rows.length === 0) return false;
    for (const row of rows) {
      if (row.seq !== before.seq + 1 || row.prevHash !== before.hash || row.hash !== chainHash(row)) return false;
      before = row;
    }
    await othersFirst();
  }
  return before.hash === to.hash;
}

/** From the data directory on, which may have been moved since. */
function keptFolder({ keptIn }: Bridge, dataDir: string): string {
  const moved = join(dataDir, basename(dirname(keptIn)), basename(keptIn));
  return existsSync(keptIn) ? keptIn : moved;
}

function rowsText(first: number, last: number): string {
  return first === last ? `Row ${first}` : `Rows ${first} to ${last}`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A row that was made unreadable bridges nothing.
    return undefined;
  }
}
