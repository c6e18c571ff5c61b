/** What may be asked about the audit log: a filtered view of it, whether it is whole, and all of it to take along. */
import { dirname } from 'node:path';
import { Emitter } from '../base/emitter.ts';
import type { AuditManifest, AuditRecord, AuditVerdict, SavedAudit } from '../protocol/audit.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AuditHead, AuditLog } from './audit-log.ts';
import { type AuditRow, asRecord } from './audit-row.ts';
import { type AuditFilter, AuditSearch } from './audit-search.ts';
import type { AuditWitness } from './audit-witness.ts';
import { saveRows } from './save-rows.ts';
import { verifyAudit } from './verify-audit.ts';

export type AuditTrailDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly witness: AuditWitness;
  readonly build: AuditManifest['build'];
  readonly now: () => number;
};

export type Period = { readonly from?: number | undefined; readonly to?: number | undefined };
export type AuditPage = { readonly records: AuditRecord[]; readonly hasEarlier: boolean; readonly beforeSeq: number };
export type ExportPage = { readonly records: AuditRecord[]; readonly isLast: boolean };

const exportRows = 2_000;
/** A frame takes four times as much, and JSON in JSON grows. */
const exportChars = 2 * 1024 * 1024;

export type Progress = { readonly read: number; readonly of: number };

export class AuditTrail {
  readonly verifying = new Emitter<Progress>();
  readonly #deps: AuditTrailDeps;
  readonly #search: AuditSearch;

  constructor(deps: AuditTrailDeps) {
    this.#deps = deps;
    this.#search = new AuditSearch(deps.file.db);
  }

  /** Newest first. */
  list(filter: AuditFilter): AuditPage {
    return this.#search.newest(filter);
  }

  /** `head`: one that was kept elsewhere. */
  verify(head: AuditHead | undefined): Promise<AuditVerdict> {
    const { file, audit, witness } = this.#deps;
    return verifyAudit(audit, {
      dataDir: dirname(file.db.name),
      witness: witness.read(),
      heads: [this.#keptHead(), head].filter((kept) => kept !== undefined),
      onProgress: (progress) => this.verifying.emit(progress),
    });
  }

  /** The rows after `afterSeq` in their order, with no gap even where the clock was set; from the beginning without, which is told in the log itself. */
  export(afterSeq: number | undefined, period: Period, actor: string): ExportPage {
    const { audit } = this.#deps;
    if (afterSeq === undefined) this.#begin(period, actor);
    const { first, last } = this.#search.bounds(period);
    const rows = audit.page(Math.max(afterSeq ?? first - 1, first - 1), last, exportRows);
    const fitting = rows.slice(0, fittingRows(rows));
    return { records: fitting.map(asRecord), isLast: fitting.length === rows.length && rows.length < exportRows };
  }

  /** Those that `export` gives, with all that was there when it began, as files in a new folder. */
  save(dir: string, period: Period, actor: string): Promise<SavedAudit> {
    const { audit, build, now } = this.#deps;
    this.#begin(period, actor);
    const { first, last } = this.#search.bounds(period);
    const head = audit.head();
    const window = { from: timeText(period.from), to: timeText(period.to) };
    const pages = pagesOf(audit, { first, last: Math.min(last, head.seq) });
    return saveRows(dir, { pages, head, window, build: { version: build.version, gitSha: build.gitSha }, now: now() });
  }

  #begin({ from, to }: Period, actor: string): void {
    const { file, audit, now } = this.#deps;
    const detail = { from: from ?? null, to: to ?? null };
    file.write(() => audit.append({ at: now(), event: 'audit_exported', agentId: null, actor, detail }));
  }

  #keptHead(): AuditHead | undefined {
    const { auditSeq: seq, auditHash: hash } = this.#deps.file.savedMark() ?? {};
    return seq === undefined || hash === undefined ? undefined : { seq, hash };
  }
}

function* pagesOf(audit: AuditLog, { first, last }: { readonly first: number; readonly last: number }): Generator<AuditRow[]> {
  for (let after = first - 1; ; ) {
    const rows = audit.page(after, last, exportRows);
    const newest = rows.at(-1);
    if (!newest) return;
    yield rows;
    after = newest.seq;
  }
}

/** Any number may be asked for, also one that is no time. */
function timeText(at: number | undefined): string | null {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** At least one, so that a large row holds nothing up. */
function fittingRows(rows: readonly AuditRow[]): number {
  let chars = 0;
  const tooMany = rows.findIndex(({ detail }) => {
    chars += detail.length;
    return chars > exportChars;
  });
  return tooMany === -1 ? rows.length : Math.max(1, tooMany);
}
