/**
 * The audit log: each row carries the hash of the one before, so that none can be changed, dropped or put in between
 * unnoticed. `append` belongs into the transaction of the fact it tells of.
 */
import { Emitter } from '../base/emitter.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import type { Database } from '../store/open-database.ts';
import { type AuditHead, type AuditRow, auditColumns, chainHash, genesis } from './audit-row.ts';

export type { AuditHead } from './audit-row.ts';

export type AuditEntry = {
  readonly at: number;
  readonly event: AuditEvent;
  readonly agentId: string | null;
  /** Who did it: a door (`extension`, `cli`), `agent`, `sidecar`, or `backend`. */
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export class AuditLog {
  /** Inside the transaction, which may still be undone: whoever tells of it looks at the head later. */
  readonly appended = new Emitter<void>();
  readonly #insert;
  readonly #last;
  readonly #all;
  readonly #page;
  readonly #hashAt;
  readonly #newestDetail;
  readonly #backwards;

  constructor(db: Database) {
    this.#insert = db.prepare<[AuditRow]>(
      `insert into audit_log (seq, at, event, agent_id, actor, detail, prev_hash, hash)
       values (:seq, :at, :event, :agentId, :actor, :detail, :prevHash, :hash)`,
    );
    this.#last = db.prepare<[], AuditHead>('select seq, hash from audit_log order by seq desc limit 1');
    this.#hashAt = db.prepare<[number], string>('select hash from audit_log where seq = ?').pluck();
    this.#all = db.prepare<[number], AuditRow>(`select ${auditColumns} from audit_log where seq > ? order by seq`);
    this.#page = db.prepare<[number, number, number], AuditRow>(
      `select ${auditColumns} from audit_log where seq > ? and seq <= ? order by seq limit ?`,
    );
    this.#backwards = db.prepare<[], Pick<AuditRow, 'at' | 'event' | 'agentId'>>(
      'select at, event, agent_id as agentId from audit_log order by seq desc',
    );
    this.#newestDetail = db
      .prepare<[string, string], string>('select detail from audit_log where agent_id = ? and event = ? order by seq desc limit 1')
      .pluck();
  }

  append(entry: AuditEntry): void {
    const head = this.head();
    const row = { ...entry, seq: head.seq + 1, detail: JSON.stringify(entry.detail), prevHash: head.hash };
    this.#insert.run({ ...row, hash: chainHash(row) });
    this.appended.emit();
  }

  head(): AuditHead {
    return this.#last.get() ?? genesis;
  }

  hashAt(seq: number): string | undefined {
    return this.#hashAt.get(seq);
  }

  /** In their order, `afterSeq` left out and `upToSeq` included. */
  page(afterSeq: number, upToSeq: number, limit: number): AuditRow[] {
    return this.#page.all(afterSeq, upToSeq, limit);
  }

  /** As JSON text; undefined when there is no such row of the agent. */
  newestDetail(event: AuditEvent, agentId: string): string | undefined {
    return this.#newestDetail.get(agentId, event);
  }

  /** Whether there is such a row from `at` on; looked for from the newest one back, so a clock that was set back hides older ones. */
  happenedSince(at: number, isIt: (row: Pick<AuditRow, 'event' | 'agentId'>) => boolean): boolean {
    for (const row of this.#backwards.iterate()) {
      if (row.at < at) return false;
      if (isIt(row)) return true;
    }
    return false;
  }

  /** The first row after `afterSeq` that does not follow from the one before, or undefined when the chain holds. */
  firstBreak(afterSeq = 0): number | undefined {
    let head: AuditHead = afterSeq === 0 ? genesis : { seq: afterSeq, hash: this.hashAt(afterSeq) ?? '' };
    for (const row of this.#all.iterate(afterSeq)) {
      if (row.seq !== head.seq + 1 || row.prevHash !== head.hash || row.hash !== chainHash(row)) return row.seq;
      head = row;
    }
    return undefined;
  }
}
