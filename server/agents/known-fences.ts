/** What sidecars last told of the fence around their programs, and of events that the backend refused. */
import * as z from 'zod/mini';
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import type { AgentId } from '../protocol/ids.ts';
import { SandboxState } from '../protocol/sandbox.ts';
import { ResourceFence } from '../protocol/supervision.ts';

const Fenced = z.object({ sandbox: SandboxState, resources: ResourceFence });
export type Fenced = z.infer<typeof Fenced>;

export class KnownFences {
  readonly changed = new Emitter<AgentId>();
  readonly #audit: AuditLog;
  /** Null: there is nothing to know of the agent yet. */
  readonly #fenced = new Map<AgentId, Fenced | null>();
  readonly #poisoned = new Map<AgentId, number>();

  constructor(audit: AuditLog) {
    this.#audit = audit;
  }

  /** Kept after the program has ended, and known again to the next backend from the audit log. */
  of(id: AgentId): { readonly sandbox: SandboxState | null; readonly resources: ResourceFence | null; readonly poisonedEvents: number } {
    if (!this.#fenced.has(id)) this.#fenced.set(id, this.#recall(id));
    const { sandbox = null, resources = null } = this.#fenced.get(id) ?? {};
    return { sandbox, resources, poisonedEvents: this.#poisoned.get(id) ?? 0 };
  }

  fenced(id: AgentId, { sandbox, resources }: Fenced): void {
    this.#fenced.set(id, { sandbox, resources });
    this.changed.emit(id);
  }

  poisoned(id: AgentId, count: number): void {
    this.#poisoned.set(id, count);
    this.changed.emit(id);
  }

  forget(id: AgentId): void {
    this.#fenced.delete(id);
    this.#poisoned.delete(id);
  }

  #recall(id: AgentId): Fenced | null {
    const detail = this.#audit.newestDetail('sandbox_state', id);
    return detail === undefined ? null : (z.safeParse(Fenced, JSON.parse(detail)).data ?? null);
  }
}
