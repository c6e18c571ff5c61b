/**
 * Which of each agent's events a file has taken in. Each file of record keeps its own, in the transaction of what it
 * took: how far it got in the agent's order, and the key of each event, because one that was refused and is sent again
 * comes under another number.
 */
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';

type Numbered = Pick<NumberedEvent, 'seq' | 'key'>;

/**
 * Keys are kept for so long. That is more than is needed: under its own number an event that was taken is known by the
 * place reached, which never goes back, and under another number only one comes that was refused, whose key stays.
 */
const keptMs = 60 * 60 * 1000;
/** So that forgetting, too, is over at once. */
const forgottenAtOnce = 1_000;
/** The last moment that a date can tell. */
const forever = 8_640_000_000_000_000;

export class IntakePlace {
  readonly #reached;
  readonly #reach;
  readonly #isKept;
  readonly #keep;
  readonly #pin;
  readonly #forget;

  constructor(db: Database) {
    this.#reached = db.prepare<[string], number>('select acked_seq from intake where agent_id = ?').pluck();
    this.#reach = db.prepare(
      `insert into intake (agent_id, acked_seq) values (?, ?)
       on conflict (agent_id) do update set acked_seq = max(acked_seq, excluded.acked_seq)`,
    );
    this.#isKept = db.prepare<[string], number>('select 1 from inbox where key = ?').pluck();
    this.#keep = db.prepare('insert into inbox (key, agent_id, seq, taken_at) values (?, ?, ?, ?)');
    this.#pin = db.prepare('update inbox set taken_at = ? where key = ?');
    this.#forget = db.prepare('delete from inbox where key in (select key from inbox where taken_at < ? order by taken_at limit ?)');
  }

  /** 0 when nothing was taken in yet. */
  ackedSeq(agentId: AgentId): number {
    return this.#reached.get(agentId) ?? 0;
  }

  /** The events among these that were not taken in yet. */
  fresh<T extends Numbered>(agentId: AgentId, events: readonly T[]): T[] {
    const reached = this.ackedSeq(agentId);
    return events.filter(({ seq, key }) => seq > reached && !this.#has(key));
  }

  /** Everything up to `reachedSeq` is taken in; `fresh` are those that were new. Belongs into the transaction of their effects. */
  take(agentId: AgentId, fresh: readonly Numbered[], { reachedSeq, at }: { readonly reachedSeq: number; readonly at: number }): void {
    for (const { seq, key } of fresh) if (key !== undefined) this.#keep.run(key, agentId, seq, at);
    this.#reach.run(agentId, reachedSeq);
    this.#forget.run(at - keptMs, forgottenAtOnce);
  }

  /** Whether the event's key is here for good now: it was refused elsewhere, and may come again under another number. */
  pin(key: string): boolean {
    return this.#has(key) && this.#pin.run(forever, key).changes > 0;
  }

  #has(key: string | undefined): boolean {
    return key !== undefined && this.#isKept.get(key) !== undefined;
  }
}
