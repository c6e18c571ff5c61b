/** A row of the audit log, and the two hashes over it: the one that chains it, and the one of what it says. */
import { hash } from 'node:crypto';
import type { AuditRecord } from '../protocol/audit.ts';

export type AuditRow = {
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  readonly agentId: string | null;
  readonly actor: string;
  /** JSON. */
  readonly detail: string;
  readonly prevHash: string;
  readonly hash: string;
};

export type AuditHead = { readonly seq: number; readonly hash: string };

export const auditColumns = 'seq, at, event, agent_id as agentId, actor, detail, prev_hash as prevHash, hash';

/** What the first row points back to. */
export const genesis: AuditHead = { seq: 0, hash: '0'.repeat(64) };

export function chainHash(row: Omit<AuditRow, 'hash'>): string {
  return hash('sha256', JSON.stringify([row.seq, row.at, row.event, row.agentId, row.actor, row.detail, row.prevHash]));
}

/** Of what the row says, wherever it stands: 64 bits are enough to find it again, the chain's own hash is whole. */
export function fingerprint({ at, event, agentId, actor, detail }: AuditRow): Uint8Array {
  return hash('sha256', JSON.stringify([at, event, agentId, actor, detail]), 'buffer').subarray(0, fingerprintBytes);
}

export const fingerprintBytes = 8;

/** Also of a row that somebody made unreadable: it is shown, not dropped. */
export function asRecord({ detail, ...row }: AuditRow): AuditRecord {
  return { ...row, detail: readDetail(detail) };
}

function readDetail(json: string): Record<string, unknown> {
  try {
    const detail: unknown = JSON.parse(json);
    // An object is all that is ever written there; its values stay unknown.
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return detail as Record<string, unknown>;
  } catch {
    // The disk, or somebody with the file in hand, changed it; `verify` names the row.
  }
  return { unreadable: json };
}
