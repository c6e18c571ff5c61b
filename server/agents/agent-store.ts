/** The rows of `agents` and `runs`: what an agent is, and each time one ran. */
import * as z from 'zod/mini';
import type { CredentialSource, Provider } from '../protocol/agent.ts';
import type { AgentId, ProjectId, RunId, SessionId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** An agent as it was added: no state of any process, no secret. */
export type AgentRecord = {
  readonly id: AgentId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly provider: Provider;
  readonly command: readonly string[];
  readonly model: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string | null;
  readonly credentials: CredentialSource;
  readonly paused: boolean;
  readonly sessionId: SessionId | null;
  readonly createdAt: number;
};

type AgentRow = Omit<AgentRecord, 'command' | 'environment' | 'paused'> & {
  readonly command: string;
  readonly environment: string;
  readonly paused: number;
};

const Command = z.array(z.string());
const Environment = z.record(z.string(), z.string());

export class AgentStore {
  readonly #put;
  readonly #remove;
  readonly #all;
  readonly #startRun;
  readonly #endRun;
  readonly #acked;
  readonly #ack;

  constructor(db: Database) {
    this.#put = db.prepare(putAgentSql);
    this.#remove = db.prepare('update agents set removed_at = ? where id = ?');
    this.#all = db.prepare<[], AgentRow>(
      `select id, project_id as projectId, name, provider, command, model, environment, path, credentials, paused,
         session_id as sessionId, created_at as createdAt
       from agents where removed_at is null order by created_at, id`,
    );
    this.#startRun = db.prepare(
      `insert into runs (id, agent_id, sidecar_pid, build, started_at, row_hash)
       values (:id, :agentId, :sidecarPid, :build, :startedAt, :rowHash)`,
    );
    this.#endRun = db.prepare('update runs set ended_at = :endedAt, end_reason = :reason where id = :id and ended_at is null');
    this.#acked = db.prepare<[string], number>('select acked_seq from intake where agent_id = ?').pluck();
    this.#ack = db.prepare(
      'insert into intake (agent_id, acked_seq) values (?, ?) on conflict (agent_id) do update set acked_seq = excluded.acked_seq',
    );
  }

  all(): AgentRecord[] {
    return this.#all.all().map(fromRow);
  }

  put(agent: AgentRecord): void {
    const command = JSON.stringify(agent.command);
    const environment = JSON.stringify(agent.environment);
    const { id, projectId, name, provider, model, path, credentials, sessionId, createdAt } = agent;
    const cells = [
      id,
      projectId,
      name,
      provider,
      command,
      model,
      environment,
      path,
      credentials,
      Number(agent.paused),
      sessionId,
      createdAt,
    ];
    this.#put.run({ ...agent, command, environment, paused: Number(agent.paused), rowHash: rowHash(cells) });
  }

  remove(id: AgentId, removedAt: number): void {
    this.#remove.run(removedAt, id);
  }

  startRun(run: {
    readonly id: RunId;
    readonly agentId: AgentId;
    readonly sidecarPid: number;
    readonly build: string;
    readonly startedAt: number;
  }): void {
    const { id, agentId, sidecarPid, build, startedAt } = run;
    this.#startRun.run({ ...run, rowHash: rowHash([id, agentId, sidecarPid, build, startedAt]) });
  }

  endRun(id: RunId, reason: string, endedAt: number): void {
    this.#endRun.run({ id, reason, endedAt });
  }

  /** How far this file has taken in the agent's events; the transcript's file keeps its own count. */
  ackedSeq(agentId: AgentId): number {
    return this.#acked.get(agentId) ?? 0;
  }

  ack(agentId: AgentId, seq: number): void {
    this.#ack.run(agentId, seq);
  }
}

const putAgentSql = `
  insert into agents (id, project_id, name, provider, command, model, environment, path, credentials, paused, session_id, created_at, row_hash)
  values (:id, :projectId, :name, :provider, :command, :model, :environment, :path, :credentials, :paused, :sessionId, :createdAt, :rowHash)
  on conflict (id) do update set name = excluded.name, model = excluded.model, environment = excluded.environment, path = excluded.path,
    credentials = excluded.credentials, paused = excluded.paused, session_id = excluded.session_id, row_hash = excluded.row_hash`;

function fromRow(row: AgentRow): AgentRecord {
  return {
    ...row,
    command: z.parse(Command, JSON.parse(row.command)),
    environment: z.parse(Environment, JSON.parse(row.environment)),
    paused: row.paused === 1,
  };
}
