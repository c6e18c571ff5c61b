/** What a verb has to tell, so that every fault can be tried on it: how it is called, and how its effect is found again. */
import { createHash } from 'node:crypto';
import type { Input, Method, Result } from '../../server/protocol/requests.ts';
import type { Outbox } from '../../server/sidecar/outbox.ts';
import type { KeptData } from './kept-data.ts';
import type { Entry } from './ledger.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

/** How a call reaches the product. Rejects with the product's own error. */
export type Voice = {
  call<M extends Method>(method: M, params: Input<M>): Promise<Result<M>>;
  /** As the sidecar of the stage: resolves when the backend has all that the stage has told. */
  append(): Promise<void>;
  /** An outbox of our own, where there is one. */
  readonly outbox?: Outbox;
};

export type Attempt = {
  readonly entry: Entry;
  /** Resolves when the product has answered for it, with the key where only the answer tells it. */
  readonly perform: (voice: Voice) => Promise<string | undefined>;
};

/** What is there of an entry. */
export type Found = {
  readonly copies: number;
  /** SHA-256 of what is there. */
  readonly bodyHash: string;
  /** Grows along the calls of one sender, where the verb keeps their order. */
  readonly place?: number;
  /** Why it is neither wholly there nor wholly absent. */
  readonly broken?: string;
};

export type Verb = {
  /** `replaces`: the last call counts. `adds`: each call leaves something of its own. */
  readonly effect: 'adds' | 'replaces';
  /** The same call again, when its answer was lost, has no second effect. */
  readonly mayRepeat: boolean;
  readonly attempt: (stage: Stage, sender: Sender, random: Random) => Attempt;
  readonly find: (data: KeptData, entry: Entry) => Found;
  /** By the name of the audit event: which call a row belongs to. */
  readonly audited?: Readonly<Record<string, (row: AuditRow) => string>>;
};

export type Sender = { readonly name: string; readonly n: number };

export type AuditRow = { readonly agentId: string | null; readonly detail: Readonly<Record<string, unknown>> };

export const absent: Found = { copies: 0, bodyHash: '' };

export function hash(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
