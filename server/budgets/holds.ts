/** Agents that are held until a person lets them go: by the loop breaker, or because a turn used up its budget. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Hold, HoldKind } from '../protocol/budget.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type HoldRow, HoldStore } from './hold-store.ts';

export type HoldsDeps = { readonly file: RecordFile; readonly audit: AuditLog; readonly now: () => number };

export class Holds {
  readonly #deps: HoldsDeps;
  readonly #store: HoldStore;
  readonly #rows = new Map<string, HoldRow>();

  constructor(deps: HoldsDeps) {
    this.#deps = deps;
    this.#store = new HoldStore(deps.file.db);
    for (const row of this.#store.all()) this.#rows.set(keyOf(row), row);
  }

  /** Those that last, of the kinds in their order. */
  of(agentId: AgentId): Hold[] {
    return (['budget', 'loop', 'wakes'] as const).flatMap((kind) => this.lasting(agentId, kind) ?? []);
  }

  lasting(agentId: AgentId, kind: HoldKind): Hold | undefined {
    const row = this.#rows.get(keyOf({ agentId, kind }));
    return row?.endedAt === null ? row.hold : undefined;
  }

  /** When the last one of that kind was lifted. */
  endedAt(agentId: AgentId, kind: HoldKind): number | null {
    return this.#rows.get(keyOf({ agentId, kind }))?.endedAt ?? null;
  }

  /** On disk with its audit row when it returns. One that lasts stays as it is. */
  hold(agentId: AgentId, hold: Hold): boolean {
    const { kind } = hold;
    if (this.lasting(agentId, kind)) return false;
    const { text: why, calls, times } = hold;
    this.#save({ agentId, kind, hold, endedAt: null }, () =>
      this.#deps.audit.append({
        ...{ at: hold.since, event: 'agent_held', agentId, actor: 'backend' },
        detail: { kind, why, ...(calls.length > 0 && { calls, times }) },
      }),
    );
    return true;
  }

  /** False when nothing of the kind held it. */
  lift(agentId: AgentId, kind: HoldKind, { actor, because }: { readonly actor: string; readonly because: string }): boolean {
    const hold = this.lasting(agentId, kind);
    if (!hold) return false;
    const at = this.#deps.now();
    this.#save({ agentId, kind, hold, endedAt: at }, () =>
      this.#deps.audit.append({ at, event: 'agent_let_go', agentId, actor, detail: { kind, because } }),
    );
    return true;
  }

  forget(agentId: AgentId): void {
    this.#deps.file.write(() => this.#store.forget(agentId));
    for (const [key, row] of this.#rows) if (row.agentId === agentId) this.#rows.delete(key);
  }

  #save(row: HoldRow, audit: () => void): void {
    this.#deps.file.write(() => {
      this.#store.put(row);
      audit();
    });
    this.#rows.set(keyOf(row), row);
  }
}

function keyOf({ agentId, kind }: Pick<HoldRow, 'agentId' | 'kind'>): string {
  return `${kind} ${agentId}`;
}
