/**
 * The one question behind every fault: is everything that was acknowledged there, once, in its order and unchanged, is
 * everything else wholly there or wholly absent, and does the record of it hold?
 */
import { AuditTally } from './audit-tally.ts';
import { damagedRows, KeptData, savedMark } from './kept-data.ts';
import type { Kept, Ledger } from './ledger.ts';
import type { Found } from './verb.ts';
import { verbs } from './verbs.ts';

export type Conserved = {
  /** Acknowledged and not there, or not as it was. */
  readonly lost: number;
  readonly duplicates: number;
  /** What is wrong, each as a sentence; empty when everything holds. */
  readonly problems: readonly string[];
};

export type ConserveOptions = {
  /** `fresh`: what something happened to since the last check, for faults by the thousand. A last check is of `all`. */
  readonly scope?: 'all' | 'fresh';
  readonly tally?: AuditTally;
};

type Finding = { readonly kind: 'lost' | 'duplicate' | 'wrong'; readonly what: string };

export function newTally(): AuditTally {
  return new AuditTally(verbs.values());
}

/** `dataDir` may be in use by a backend; nothing is written to it. */
export function conserve(ledger: Ledger, dataDir: string, options: ConserveOptions = {}): Conserved {
  const { scope = 'all', tally = newTally() } = options;
  const data = new KeptData(dataDir);
  try {
    const entries = scope === 'all' ? ledger.all() : ledger.fresh();
    // Facts are read before the audit log: a call between the two may be told there already, never the reverse.
    const facts = checkEntries(data, ledger, entries);
    const findings = [...facts, ...checkRecord(data, tally), ...checkAudits(ledger, tally, entries), ...checkWhole(data, scope)];
    ledger.markChecked();
    const count = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
    return { lost: count('lost'), duplicates: count('duplicate'), problems: findings.map(({ what }) => what) };
  } finally {
    data.close();
  }
}

function checkEntries(data: KeptData, ledger: Ledger, entries: readonly Kept[]): Finding[] {
  const places = new Map<string, number>();
  return entries.flatMap((entry) => {
    const verb = verbs.get(entry.verb);
    if (!verb) throw new Error(`the table of verbs has no ${entry.verb}`);
    if (entry.key === '') return [];
    const found = verb.find(data, entry);
    const findings = verb.effect === 'adds' ? checkAdded(entry, found) : checkReplaced(ledger, entry, found);
    return [...findings, ...checkOrder(entry, found, places)];
  });
}

function checkAdded(entry: Kept, found: Found): Finding[] {
  const name = nameOf(entry);
  if (found.broken !== undefined) return [{ kind: entry.isAcked ? 'lost' : 'wrong', what: `${name} is there in part: ${found.broken}` }];
  if (found.copies > 1) return [{ kind: 'duplicate', what: `${name} is there ${found.copies} times` }];
  if (found.copies === 0) return entry.isAcked ? [{ kind: 'lost', what: `${name} was acknowledged and is gone` }] : [];
  if (found.bodyHash === entry.bodyHash) return [];
  return [{ kind: entry.isAcked ? 'lost' : 'wrong', what: `${name} is there, but not as it was given` }];
}

/** Any call since the last answer may be the one that is there; nothing before it may. */
function checkReplaced(ledger: Ledger, entry: Kept, found: Found): Finding[] {
  const candidates = ledger.candidates(entry);
  const latest = candidates.find(({ isAcked }) => isAcked);
  if (!latest || (entry.isAcked && entry.order !== latest.order)) return [];
  if (found.broken === undefined && candidates.some(({ bodyHash }) => bodyHash === found.bodyHash)) return [];
  return [{ kind: 'lost', what: `${nameOf(latest)} was acknowledged, but ${found.broken ?? 'something older is there'}` }];
}

function checkOrder(entry: Kept, { place }: Found, places: Map<string, number>): Finding[] {
  if (place === undefined) return [];
  const line = `${entry.verb} ${entry.sender}`;
  const before = places.get(line) ?? Number.NEGATIVE_INFINITY;
  places.set(line, place);
  return place > before ? [] : [{ kind: 'wrong', what: `${nameOf(entry)} stands before an earlier call of its sender` }];
}

/** The chain, and how far both files have come by the marks beside them. */
function checkRecord(data: KeptData, tally: AuditTally): Finding[] {
  const problems = tally.read(data);
  const { auditSeq = 0 } = savedMark(data.btmsg) ?? {};
  if (auditSeq > tally.head.seq) problems.push(`the audit log ends at ${tally.head.seq}, before its mark ${auditSeq}`);
  for (const db of [data.sessions, data.btmsg]) {
    const commits = data.count(db, `select value as count from high_water where name = 'commits'`);
    const marked = savedMark(db)?.commits ?? 0;
    if (marked > commits) problems.push(`${db.name} has ${commits} commits, its mark says ${marked}`);
  }
  return problems.map((what) => ({ kind: 'wrong', what }));
}

/** What is acknowledged is audited, once; what is not may be, at most once. */
function checkAudits(ledger: Ledger, tally: AuditTally, entries: readonly Kept[]): Finding[] {
  const audits = new Set(entries.flatMap((entry) => entry.audits));
  return [...audits].flatMap((audit): Finding[] => {
    const { acked, intended } = ledger.auditCount(audit);
    const rows = tally.count(audit);
    if (rows < acked) return [{ kind: 'lost', what: `${acked} calls were acknowledged, but ${rows} audit rows tell of ${audit}` }];
    return rows > intended ? [{ kind: 'duplicate', what: `${rows} audit rows tell of ${audit}, asked ${intended} times` }] : [];
  });
}

/** Everything, whoever wrote it: costs a reading of the whole, so it is left out after each of a thousand faults. */
function checkWhole(data: KeptData, scope: 'all' | 'fresh'): Finding[] {
  if (scope === 'fresh') return [];
  const problems = [data.sessions, data.btmsg].flatMap((db) => [...integrity(db), ...damagedRows(db)]);
  const shown = data.count(data.sessions, `select count(*) as count from items where kind = 'prompt'`);
  const accepted = data.count(data.sessions, 'select count(*) as count from prompts');
  if (shown !== accepted) problems.push(`${accepted} prompts were accepted, the transcripts show ${shown}`);
  return problems.map((what) => ({ kind: 'wrong', what }));
}

function integrity(db: KeptData['sessions']): string[] {
  const answer = db.pragma('integrity_check', { simple: true });
  return answer === 'ok' ? [] : [`${db.name}: ${answer}`];
}

function nameOf({ verb, sender, n, key }: Kept): string {
  return `${verb} ${n} of ${sender} (${key})`;
}
