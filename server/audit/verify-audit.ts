/** Reads the whole audit log and says where it is not what was written. */
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { AuditVerdict } from '../protocol/audit.ts';
import type { AuditLog } from './audit-log.ts';
import { type AuditHead, type AuditRow, chainHash, fingerprint, fingerprintBytes, genesis } from './audit-row.ts';
import { fingerprintsOf } from './audit-witness.ts';
import { type ChainBreak, findBreaks, misfit, type ReadChain } from './chain-breaks.ts';
import { type Bridge, bridgeOf, givenUp } from './given-up.ts';

export type KnownOutside = {
  /** What each row said when it was written, as `AuditWitness` keeps it. */
  readonly witness: BigUint64Array;
  /** Heads of the chain that were kept outside the database. */
  readonly heads: readonly AuditHead[];
};

/** `dataDir`: below it lies what restores gave up. */
export type Check = KnownOutside & {
  readonly dataDir: string;
  readonly onProgress?: (progress: { readonly read: number; readonly of: number }) => void;
};

type Verdict = AuditVerdict['breaks'][number];
type MissedHead = { readonly breaks?: Verdict[]; readonly bridged?: AuditVerdict['bridged'] };
type Proofs = { readonly bridges: readonly Bridge[]; readonly dataDir: string };

/** As many as take less time than anyone notices. */
const rowsAtOnce = 1_000;
/** Often enough to be seen to go on. */
const toldEveryRows = 20_000;

/** Others are served between two pages; rows that come meanwhile are not part of it. */
export async function verifyAudit(audit: AuditLog, { witness, heads, dataDir, onProgress }: Check): Promise<AuditVerdict> {
  const head = audit.head();
  const { bridges, ...chain } = await readChain(audit, head, (read) => onProgress?.({ read, of: head.seq }));
  const breaks = findBreaks(chain, witness).map((found) => ({ seq: found.first, kind: found.kind, detail: sentence(found) }));
  const firstBreak = breaks[0]?.seq ?? Number.POSITIVE_INFINITY;
  // A row that is not what was written proves nothing.
  const proofs = { bridges: bridges.filter(({ seq }) => seq < firstBreak), dataDir };
  const missed: MissedHead[] = [];
  for (const kept of heads) missed.push(await missedHead(audit, kept, breaks, proofs));
  const late = missed.flatMap((found) => found.breaks ?? []);
  return { rows: chain.said.length, head, breaks: [...breaks, ...late], bridged: missed.flatMap((found) => found.bridged ?? []) };
}

async function readChain(audit: AuditLog, head: AuditHead, tell: (read: number) => void) {
  const numbers: number[] = [];
  const misfits: number[] = [];
  const said: Uint8Array[] = [];
  const bridges: Bridge[] = [];
  let before = genesis;
  let rows = audit.page(Number.MIN_SAFE_INTEGER, head.seq, rowsAtOnce);
  while (rows.length > 0) {
    const page = new Uint8Array(rows.length * fingerprintBytes);
    for (const [index, row] of rows.entries()) {
      numbers.push(row.seq);
      misfits.push(misfitOf(row, before));
      page.set(fingerprint(row), index * fingerprintBytes);
      bridges.push(...[bridgeOf(row)].filter((bridge) => bridge !== undefined));
      before = row;
    }
    said.push(page);
    if (numbers.length % toldEveryRows === 0) tell(numbers.length);
    await othersFirst();
    rows = audit.page(before.seq, head.seq, rowsAtOnce);
  }
  const chain: ReadChain = { numbers, misfits: Uint8Array.from(misfits), said: fingerprintsOf(Buffer.concat(said)) };
  return { ...chain, bridges };
}

function misfitOf(row: AuditRow, before: AuditHead): number {
  const own = row.hash === chainHash(row) ? misfit.none : misfit.own;
  return own | (row.prevHash === before.hash ? misfit.none : misfit.link);
}

/** Only what the rows themselves did not show: who also has the witness in hand is found by a head kept elsewhere. */
async function missedHead(audit: AuditLog, kept: AuditHead, known: readonly Verdict[], proofs: Proofs): Promise<MissedHead> {
  const { seq, hash } = kept;
  if (seq === 0 || audit.hashAt(seq) === hash || known.some((found) => found.seq <= seq)) return {};
  const past = await givenUp(kept, proofs.bridges, proofs.dataDir);
  if (past?.isProved) return { bridged: [{ seq: past.seq, detail: past.detail }] };
  const found = lateBreak(seq, audit.head().seq);
  return { breaks: [past ? { ...found, detail: `${found.detail} ${past.detail}` } : found] };
}

function lateBreak(seq: number, last: number): Verdict {
  if (seq > last) return { seq: last + 1, kind: 'cutOff', detail: sentence({ kind: 'cutOff', first: last + 1, last: seq }) };
  return { seq, kind: 'changed', detail: `Row ${seq} is not the one that was kept as the head: it, or rows before it, were rewritten.` };
}

function sentence({ kind, first, last }: ChainBreak): string {
  const isOne = first === last;
  const rows = isOne ? `Row ${first}` : `Rows ${first} to ${last}`;
  const said: Record<ChainBreak['kind'], string> = {
    changed: `${isOne ? 'is' : 'are'} not what was written.`,
    missing: `${isOne ? 'is' : 'are'} gone.`,
    inserted: `${isOne ? 'was' : 'were'} put in.`,
    reordered: 'stand in another order than they were written in.',
    cutOff: `${isOne ? 'was' : 'were'} cut off the end.`,
  };
  return `${rows} ${said[kind]}`;
}
