/** Who answers the questions of each agent where no rule does. An agent that nobody gave a mode asks the person. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { AgentMode } from '../protocol/agent.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import type { RecordFile } from '../store/record-file.ts';
import { rowHash } from '../store/row-hash.ts';

export type ModesDeps = { readonly file: RecordFile; readonly audit: AuditLog; readonly now: () => number };

export type ModeAgent = { readonly id: AgentId; readonly name: string };

export class Modes {
  readonly changed = new Emitter<AgentId>();
  readonly #deps: ModesDeps;
  readonly #store: ModeStore;

  constructor(deps: ModesDeps) {
    this.#deps = deps;
    this.#store = new ModeStore(deps.file.db);
  }

  of(agentId: AgentId): AgentMode {
    return this.#store.get(agentId);
  }

  /** For what is asked from now on; what is open waits for the person as before. */
  set({ id: agentId, name }: ModeAgent, mode: AgentMode, actor: string): void {
    const { file, audit, now } = this.#deps;
    const before = this.of(agentId);
    if (before === mode) return;
    file.write(() => {
      this.#store.put(agentId, mode, now());
      audit.append({ at: now(), event: 'agent_mode_changed', agentId, actor, detail: { name, mode, before } });
    });
    this.changed.emit(agentId);
  }

  /** The agent was removed. */
  forget(agentId: AgentId): void {
    this.#deps.file.write(() => this.#store.remove(agentId));
  }
}

/** The rows of `agent_modes`. */
class ModeStore {
  readonly #get;
  readonly #put;
  readonly #remove;

  constructor(db: Database) {
    this.#get = db.prepare<[string], string>('select mode from agent_modes where agent_id = ?').pluck();
    this.#put = db.prepare(
      `insert into agent_modes (agent_id, mode, set_at, row_hash) values (?, ?, ?, ?)
       on conflict (agent_id) do update set mode = excluded.mode, set_at = excluded.set_at, row_hash = excluded.row_hash`,
    );
    this.#remove = db.prepare('delete from agent_modes where agent_id = ?');
  }

  /** One that cannot be read counts as the mode in which a person decides. */
  get(agentId: AgentId): AgentMode {
    return AgentMode.safeParse(this.#get.get(agentId)).data ?? 'ask';
  }

  put(agentId: AgentId, mode: AgentMode, at: number): void {
    const cells = [agentId, mode, at];
    this.#put.run(...cells, rowHash(cells));
  }

  remove(agentId: AgentId): void {
    this.#remove.run(agentId);
  }
}
