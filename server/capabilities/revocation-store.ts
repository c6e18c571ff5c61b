/** The rows of what was taken from agents: there is one as long as it is. */
import type { Capability } from '../protocol/capability.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type Revocation = { readonly capability: string; readonly revokedAt: number; readonly reason: string };

export class RevocationStore {
  readonly #has;
  readonly #of;
  readonly #put;
  readonly #remove;
  readonly #forget;

  constructor(db: Database) {
    this.#has = db.prepare<[string, string], number>('select 1 from capability_revocations where agent_id = ? and capability = ?').pluck();
    this.#of = db.prepare<[string], Revocation>(
      'select capability, revoked_at as revokedAt, reason from capability_revocations where agent_id = ?',
    );
    this.#put = db.prepare(
      'insert into capability_revocations (agent_id, capability, revoked_at, reason, row_hash) values (?, ?, ?, ?, ?)',
    );
    this.#remove = db.prepare('delete from capability_revocations where agent_id = ? and capability = ?');
    this.#forget = db.prepare('delete from capability_revocations where agent_id = ?');
  }

  has(agentId: AgentId, capability: Capability): boolean {
    return this.#has.get(agentId, capability) !== undefined;
  }

  of(agentId: AgentId): Revocation[] {
    return this.#of.all(agentId);
  }

  put(agentId: AgentId, { capability, revokedAt, reason }: Revocation): void {
    const cells = [agentId, capability, revokedAt, reason];
    this.#put.run(...cells, rowHash(cells));
  }

  remove(agentId: AgentId, capability: Capability): void {
    this.#remove.run(agentId, capability);
  }

  forget(agentId: AgentId): void {
    this.#forget.run(agentId);
  }
}
