/** Which agents there are. Every change is on disk, with its audit row, before it is seen. */
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId, SessionId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRecord, AgentStore } from './agent-store.ts';

export type RegistryDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: AgentStore;
  readonly getProject: (id: ProjectId) => Project | undefined;
  readonly now: () => number;
};

export type DeclaredAgent = Pick<AgentRecord, 'id' | 'projectId' | 'name' | 'provider' | 'command' | 'model' | 'sandboxMode'>;

type Told = Pick<AuditEntry, 'event' | 'actor' | 'detail'>;

export class AgentRegistry {
  readonly changed = new Emitter<AgentId>();
  readonly removed = new Emitter<AgentId>();
  readonly #deps: RegistryDeps;
  readonly #records = new Map<AgentId, AgentRecord>();

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    for (const record of deps.store.all()) this.#records.set(record.id, record);
  }

  all(): AgentRecord[] {
    return [...this.#records.values()];
  }

  of(projectId: ProjectId): AgentRecord[] {
    return this.all().filter((record) => record.projectId === projectId);
  }

  /** By name, `project/name`, or a part of the id. */
  find(reference: string): AgentRecord {
    const candidates = this.all().map((record) => ({ ...record, within: this.#deps.getProject(record.projectId)?.name ?? '' }));
    return this.get(resolveReference('agent', reference, candidates).id);
  }

  get(id: AgentId): AgentRecord {
    const record = this.#records.get(id);
    if (!record) throw new AgorError('notFound', 'That agent was removed.');
    return record;
  }

  has(id: AgentId): boolean {
    return this.#records.has(id);
  }

  add(record: AgentRecord, actor: string): void {
    if (this.of(record.projectId).some(({ name }) => name === record.name)) {
      throw new AgorError('conflict', `The project already has an agent "${record.name}". Choose another name.`);
    }
    const { name, provider, command, credentials, projectId } = record;
    this.#save(record, { event: 'agent_registered', actor, detail: { name, provider, command, credentials, projectId } });
  }

  /**
   * As a file declares it, new or changed: written in the transaction that is open, and known after `settle`. A session is
   * of one program, so another program begins a new one.
   */
  declare(agent: DeclaredAgent, actor: string): void {
    const { id, projectId, name, provider, command, model, sandboxMode } = agent;
    const now = this.#records.get(id);
    const isSameProgram = now?.provider === provider && JSON.stringify(now.command) === JSON.stringify(command);
    const sessionId = now && isSameProgram ? now.sessionId : null;
    const record = { ...(now ?? this.#declared(id)), projectId, name, provider, command, model, sandboxMode, sessionId };
    const event = now ? 'agent_configured' : 'agent_registered';
    const detail = { name, provider, command, model, sandboxMode, credentials: record.credentials, projectId };
    this.#deps.store.put(record);
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId: id, actor, detail });
  }

  /** What was declared is on disk. */
  settle(): void {
    for (const record of this.#deps.store.all()) {
      if (JSON.stringify(record) === JSON.stringify(this.#records.get(record.id))) continue;
      this.#records.set(record.id, record);
      this.changed.emit(record.id);
    }
  }

  setPaused(id: AgentId, paused: boolean, actor: string): void {
    this.#save({ ...this.get(id), paused }, { event: paused ? 'agent_paused' : 'agent_resumed', actor, detail: {} });
  }

  /** What is given replaces; takes effect at the next start of the program. */
  configure(
    id: AgentId,
    change: Pick<AgentRecord, 'credentials' | 'secretUses' | 'model' | 'sandboxMode' | 'network'>,
    actor: string,
  ): void {
    this.#save({ ...this.get(id), ...change }, { event: 'agent_configured', actor, detail: change });
  }

  setSession(id: AgentId, sessionId: SessionId): void {
    this.#save({ ...this.get(id), sessionId }, undefined);
  }

  remove(id: AgentId, actor: string): void {
    const record = this.get(id);
    const at = this.#deps.now();
    this.#deps.file.write(() => {
      this.#deps.store.remove(record, at);
      this.#deps.audit.append({ at, event: 'agent_removed', agentId: id, actor, detail: { name: record.name } });
    });
    this.#records.delete(id);
    this.removed.emit(id);
  }

  #declared(id: AgentId): Omit<AgentRecord, keyof DeclaredAgent> & Pick<AgentRecord, 'id'> {
    const own = { environment: {}, path: null, credentials: 'login', secretUses: [], network: null } as const;
    return { id, ...own, paused: false, sessionId: null, createdAt: this.#deps.now() };
  }

  #save(record: AgentRecord, told: Told | undefined): void {
    this.#deps.file.write(() => {
      this.#deps.store.put(record);
      if (told) this.#deps.audit.append({ at: this.#deps.now(), agentId: record.id, ...told });
    });
    this.#records.set(record.id, record);
    this.changed.emit(record.id);
  }
}
