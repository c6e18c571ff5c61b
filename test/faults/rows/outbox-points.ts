/**
 * A sidecar is killed at each call that changes a file, for each use of its queue: what waited still waits, once, unless
 * the backend has it; what was set aside is in one place and not in two; and no number is given twice.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import { callsIn, counting, killingAt, killPoints, type Point, strace } from '../inject.ts';
import type { Row, RowContext } from '../row.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';

type UsePoint = Point & { readonly use: string };
type Kept = { readonly text: string; readonly seq: number; readonly poisoned: number };

const shortPoints = 6;
const workers = 2;
const program = join(import.meta.dirname, '../programs/outbox-verbs.ts');

const waiting = ['waits 1', 'waits 2', 'waits 3', 'older', 'waits 4'];
const setAside = ['set aside 1', 'set aside 2'];
/** What the backend has when the use is done, and need not be kept any more. */
const delivered: Readonly<Record<string, readonly string[]>> = { settle: ['waits 1', 'waits 2', 'waits 3'] };
const uses = ['append', 'coalesce', 'settle', 'set-aside', 'refuse', 'requeue'];

export const outboxPoints: Row = {
  name: 'outbox-points',
  needs: [strace],
  async run(context) {
    const original = join(context.scratch, 'original');
    mkdirSync(original);
    await prepare(join(original, 'outbox.db'));
    const tally = new Tally();
    const all: UsePoint[] = [];
    for (const use of context.random.some(uses, context.size === 'short' ? 2 : uses.length)) all.push(...(await pointsOf(use, context)));
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    await sideBySide(points, workers, (point, worker) =>
      killAt(point, { context, tally, folder: join(context.scratch, `worker-${worker}`) }),
    );
    return tally.figures([`of ${all.length}`]);
  },
};

async function prepare(path: string): Promise<void> {
  const outbox = openOutbox(path);
  const sessionId = newId<SessionId>();
  for (const text of [...setAside, ...waiting]) {
    const more = text === 'older' ? { mode: 'coalesce' as const, dedupeKey: 'same' } : {};
    await outbox.append({ at: 1, sessionId, event: { type: 'notice', level: 'info', text }, ...more });
  }
  const { events } = outbox.lend({ events: setAside.length, bytes: 1_000_000 });
  const refused = events.map(({ seq }) => ({ seq, reason: 'rejected' as const, detail: 'no' }));
  const terms = { build: 'a', now: 1, random: 0.5 };
  while (outbox.poisonedCount < setAside.length) {
    outbox.lend({ events: setAside.length, bytes: 1_000_000 });
    outbox.settle({ ackedSeq: 0, refused }, terms);
  }
  outbox.close();
}

async function pointsOf(use: string, { scratch }: RowContext): Promise<UsePoint[]> {
  const folder = join(scratch, 'counted');
  const log = join(scratch, 'calls.log');
  await runUse(use, { original: join(scratch, 'original'), folder, under: counting(killPoints, log) });
  return [...callsIn(log)].flatMap(([syscall, count]) => Array.from({ length: count }, (_, index) => ({ use, syscall, nth: index + 1 })));
}

type Work = { readonly context: RowContext; readonly tally: Tally; readonly folder: string };

async function killAt(point: UsePoint, { context, tally, folder }: Work): Promise<void> {
  const promised = await runUse(point.use, { original: join(context.scratch, 'original'), folder, under: killingAt(point) });
  const kept = read(join(folder, 'outbox.db'));
  tally.points += 1;
  tally.acked += waiting.length + setAside.length + promised.length;
  const where = `${point.use}, killed at ${point.syscall} ${point.nth}`;
  for (const text of expected(point.use, promised, kept)) {
    const copies = kept.filter((row) => row.text === text).length;
    if (copies === 0) lose(tally, `${where}: ${text} is gone`);
    if (copies > 1) double(tally, `${where}: ${text} is there ${copies} times`);
  }
  await goesOn(join(folder, 'outbox.db'), { kept, tally, where });
}

/** Of an event and the one that replaces it, one is there; the new one when it was promised. */
function expected(use: string, promised: readonly string[], kept: readonly Kept[]): string[] {
  const gone = delivered[use] ?? [];
  const isReplaced = promised.includes('newer') || kept.some(({ text }) => text === 'newer');
  const rest = [...waiting, ...setAside].filter((text) => !gone.includes(text) && !(isReplaced && text === 'older'));
  return [...rest, ...promised.filter((text) => !rest.includes(text))];
}

/** The next sidecar opens it, and its first number is a new one. */
async function goesOn(path: string, { kept, tally, where }: { kept: readonly Kept[]; tally: Tally; where: string }): Promise<void> {
  try {
    const outbox = openOutbox(path);
    const seq = await outbox.append({ at: 1, sessionId: newId<SessionId>(), event: { type: 'notice', level: 'info', text: 'the next' } });
    outbox.close();
    if (kept.some((row) => row.seq >= seq)) tally.problem(`${where}: the number ${seq} is given twice`);
  } catch (error) {
    tally.problem(`${where}: the next sidecar cannot open it: ${error}`);
  }
}

function lose(tally: Tally, what: string): void {
  tally.lost += 1;
  tally.problem(what);
}

function double(tally: Tally, what: string): void {
  tally.duplicates += 1;
  tally.problem(what);
}

type Use = { readonly original: string; readonly folder: string; readonly under: readonly string[] };

/** Returns what was promised before it ended. */
function runUse(use: string, { original, folder, under }: Use): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(original, folder, { recursive: true });
  const [tool = process.execPath, ...args] = [...under, process.execPath, program, join(folder, 'outbox.db'), use];
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once('close', () => resolve(said.split('\n').filter((line) => line !== '')));
  });
}

function read(path: string): Kept[] {
  const db = new Database(path, { fileMustExist: true });
  try {
    return db.prepare<[], Kept>(`select json_extract(payload, '$.text') as text, seq, poisoned from outbox order by seq`).all();
  } finally {
    db.close();
  }
}
