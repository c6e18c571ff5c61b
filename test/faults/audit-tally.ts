/** Reads the audit log from where it was last read, holds its chain, and counts the rows that belong to calls. */
import { createHash } from 'node:crypto';
import type { KeptData } from './kept-data.ts';
import type { Verb } from './verb.ts';

export class AuditTally {
  readonly #keyOf = new Map<string, NonNullable<Verb['audited']>[string]>();
  readonly #counts = new Map<string, number>();
  #head = { seq: 0, hash: '0'.repeat(64) };

  constructor(verbs: Iterable<Verb>) {
    for (const { audited } of verbs) for (const [event, keyOf] of Object.entries(audited ?? {})) this.#keyOf.set(event, keyOf);
  }

  get head(): { readonly seq: number; readonly hash: string } {
    return this.#head;
  }

  /** Returns what is wrong with the chain, if anything. */
  read(data: KeptData): string[] {
    const kept = data.one(data.btmsg, 'select hash from audit_log where seq = ?', this.#head.seq)?.hash;
    if (this.#head.seq > 0 && kept !== this.#head.hash) return [`the audit log no longer holds row ${this.#head.seq} as it was`];
    for (const row of data.many(data.btmsg, rowsAfter, this.#head.seq)) {
      const { seq, at, event, agent_id, actor, detail, prev_hash, hash } = row;
      const expected = createHash('sha256')
        .update(JSON.stringify([seq, at, event, agent_id, actor, detail, prev_hash]))
        .digest('hex');
      const follows = Number(seq) === this.#head.seq + 1 && prev_hash === this.#head.hash && hash === expected;
      if (!follows) return [`row ${seq} of the audit log does not follow from the one before`];
      this.#head = { seq: Number(seq), hash: String(hash) };
      this.#count(String(event), agent_id === null || agent_id === undefined ? null : String(agent_id), String(detail));
    }
    return [];
  }

  count(audit: string): number {
    return this.#counts.get(audit) ?? 0;
  }

  #count(event: string, agentId: string | null, detail: string): void {
    const keyOf = this.#keyOf.get(event);
    if (!keyOf) return;
    const audit = `${event} ${keyOf({ agentId, detail: JSON.parse(detail) })}`;
    this.#counts.set(audit, this.count(audit) + 1);
  }
}

const rowsAfter = 'select seq, at, event, agent_id, actor, detail, prev_hash, hash from audit_log where seq > ? order by seq';
