/** What somebody with the file of the audit log in hand can do to its rows, in every way that the log must notice. */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Random } from './random.ts';

type Row = {
  seq: number;
  at: number;
  event: string;
  agent_id: string | null;
  actor: string;
  detail: string;
  prev_hash: string;
  hash: string;
};

/** `forward`: the chain is made anew from there on, as by somebody who knows how. */
export const cares = ['careless', 'own', 'forward'] as const;
export const tamperings = ['changed', 'missing', 'inserted', 'reordered', 'cutOff'] as const;
export type Tampering = (typeof tamperings)[number];
export type Care = (typeof cares)[number];

export type Tampered = { readonly kind: Tampering; readonly care: Care; readonly first: number; readonly what: string };

/** Does it in the file, while nobody has it open; `first` is the first row that is no longer what it was. */
export function tamper(path: string, random: Random): Tampered {
  const kind = random.pick(tamperings);
  const care = random.pick(cares);
  const db = new Database(path);
  try {
    db.exec('drop trigger audit_is_append_only_update; drop trigger audit_is_append_only_delete');
    const rows = db.prepare<[], Row>('select * from audit_log order by seq').all();
    const { first, what } = doing[kind](rows, random);
    if (care !== 'careless') rehash(rows, first, care);
    db.transaction(() => rewrite(db, rows))();
    return { kind, care, first, what: `${kind}, ${care}: ${what}` };
  } finally {
    db.close();
  }
}

type Done = { readonly first: number; readonly what: string };

const doing: Readonly<Record<Tampering, (rows: Row[], random: Random) => Done>> = {
  changed(rows, random) {
    const row = random.pick(rows);
    const what = random.pick(['at', 'event', 'agent_id', 'actor', 'detail'] as const);
    if (what === 'at') row.at += random.between(1, 1_000_000);
    else row[what] = what === 'detail' ? JSON.stringify({ forged: random.text(12) }) : random.text(12);
    return { first: row.seq, what: `${what} of ${row.seq}` };
  },
  missing(rows, random) {
    const count = random.between(1, 5);
    const at = random.below(rows.length - count - 1);
    const first = rows[at]?.seq ?? 0;
    rows.splice(at, count);
    const closesUp = random.chance(0.5);
    if (closesUp) number(rows);
    return { first, what: `${count} from ${first} on${closesUp ? ', numbered anew' : ''}` };
  },
  inserted(rows, random) {
    const at = random.below(rows.length + 1);
    const like = random.pick(rows);
    rows.splice(at, 0, { ...like, at: like.at + 1, detail: JSON.stringify({ forged: random.text(12) }) });
    number(rows);
    return { first: at + 1, what: `at ${at + 1}` };
  },
  reordered(rows, random) {
    const [one = 0, other = 0] = random.some([...rows.keys()], 2).sort((left, right) => left - right);
    const how = random.pick(['swapped', 'moved down', 'moved up']);
    const [first, second] = [rows[one], rows[other]];
    if (!first || !second) throw new Error('there are not enough rows to change their order');
    if (how === 'swapped') rows.splice(one, 1, second);
    if (how === 'swapped') rows.splice(other, 1, first);
    if (how === 'moved down') rows.splice(other, 0, ...rows.splice(one, 1));
    if (how === 'moved up') rows.splice(one, 0, ...rows.splice(other, 1));
    number(rows);
    return { first: one + 1, what: `${how}, ${one + 1} and ${other + 1}` };
  },
  cutOff(rows, random) {
    const count = random.between(1, Math.min(40, rows.length - 1));
    const first = rows.length - count + 1;
    rows.splice(rows.length - count);
    return { first, what: `${count} rows` };
  },
};

function number(rows: Row[]): void {
  for (const [index, row] of rows.entries()) row.seq = index + 1;
}

/** `own`: only of the row itself, which then fits itself and not the one behind it. */
function rehash(rows: Row[], first: number, care: Care): void {
  const at = rows.findIndex(({ seq }) => seq >= first);
  if (at === -1) return;
  for (const [index, row] of rows.entries()) {
    if (index < at || (care === 'own' && index > at)) continue;
    row.prev_hash = rows[index - 1]?.hash ?? '0'.repeat(64);
    row.hash = createHash('sha256')
      .update(JSON.stringify([row.seq, row.at, row.event, row.agent_id, row.actor, row.detail, row.prev_hash]))
      .digest('hex');
  }
}

function rewrite(db: Database.Database, rows: readonly Row[]): void {
  db.exec('delete from audit_log');
  const insert = db.prepare('insert into audit_log values (:seq, :at, :event, :agent_id, :actor, :detail, :prev_hash, :hash)');
  for (const row of rows) insert.run(row);
}
