/** The rows of `agents` and `runs`: what an agent is, and each time one ran. */
import * as z from 'zod/mini';
import type { CredentialSource, Provider } from '../protocol/agent.ts';
import type { AgentId, ProjectId, RunId, SessionId } from '../protocol/ids.ts';
import type { NetworkAccess, SandboxMode } from '../protocol/sandbox.ts';
import { SecretUse } from '../protocol/secret.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { IntakePlace } from './intake-place.ts';

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
  /** Null: as the settings say for all agents. */
  readonly sandboxMode: SandboxMode | null;
  readonly network: NetworkAccess | null;
  readonly secretUses: readonly SecretUse[];
  readonly createdAt: number;
};

type AgentRow = Omit<AgentRecord, 'command' | 'environment' | 'paused' | 'secretUses'> & {
  readonly command: string;
  readonly environment: string;
  readonly paused: number;
  /** Null for an agent that was added before it had any. */
  readonly secretUses: string | null;
};

/** One life of a sidecar; what has not ended has neither `endedAt` nor `endReason`. */
export type RunRow = {
  readonly id: RunId;
  readonly agentId: AgentId;
  readonly sidecarPid: number;
  readonly build: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly endReason: string | null;
};

const Command = z.array(z.string());
const Environment = z.record(z.string(), z.string());
const SecretUses = z.array(SecretUse);

export class AgentStore {
  readonly #put;
  readonly #putSettings;
  readonly #remove;
  readonly #all;
  readonly #name;
  readonly #startRun;
  readonly #endRun;
  readonly #run;
  readonly #openRuns;
  readonly #lastEnd;
  readonly #lastRun;
  readonly #intake: IntakePlace;

  constructor(db: Database) {
    this.#put = db.prepare(putAgentSql);
    this.#putSettings = db.prepare(putSettingsSql);
    this.#remove = db.prepare('update agents set removed_at = :removedAt, row_hash = :rowHash where id = :id');
    this.#all = db.prepare<[], AgentRow>(
      `select id, project_id as projectId, name, provider, command, model, environment, path, credentials, paused,
         session_id as sessionId, sandbox_mode as sandboxMode, network, secret_uses as secretUses, created_at as createdAt
       from agents left join agent_settings on agent_id = id where removed_at is null order by created_at, id`,
    );
    this.#name = db.prepare<[string], string>('select name from agents where id = ?').pluck();
    this.#startRun = db.prepare(
      `insert into runs (id, agent_id, sidecar_pid, build, started_at, ended_at, end_reason, row_hash)
       values (:id, :agentId, :sidecarPid, :build, :startedAt, :endedAt, :endReason, :rowHash) on conflict (id) do nothing`,
    );
    this.#endRun = db.prepare('update runs set ended_at = :endedAt, end_reason = :endReason, row_hash = :rowHash where id = :id');
    this.#run = db.prepare<[string], RunRow>(`select ${runColumns} from runs where id = ?`);
    this.#openRuns = db.prepare<[], RunRow>(`select ${runColumns} from runs where ended_at is null order by started_at`);
    this.#lastEnd = db.prepare<[string], number | null>('select max(ended_at) from runs where agent_id = ?').pluck();
    this.#lastRun = db.prepare<[string], RunRow>(
      `select ${runColumns} from runs where agent_id = ? order by started_at desc, rowid desc limit 1`,
    );
    this.#intake = new IntakePlace(db);
  }

  all(): AgentRecord[] {
    return this.#all.all().map(fromRow);
  }

  /** Of an agent that was removed too; undefined for what never was one. */
  nameOf(id: string): string | undefined {
    return this.#name.get(id);
  }

  put(agent: AgentRecord): void {
    const command = JSON.stringify(agent.command);
    const environment = JSON.stringify(agent.environment);
    const { sandboxMode, network, secretUses: uses, ...row } = agent;
    this.#put.run({ ...row, command, environment, paused: Number(agent.paused), rowHash: agentHash(agent, null) });
    const secretUses = JSON.stringify(uses);
    const settingsHash = rowHash([agent.id, sandboxMode, network, secretUses]);
    this.#putSettings.run({ id: agent.id, sandboxMode, network, secretUses, rowHash: settingsHash });
  }

  remove(agent: AgentRecord, removedAt: number): void {
    this.#remove.run({ id: agent.id, removedAt, rowHash: agentHash(agent, removedAt) });
  }

  /** Told twice of the same run, the first time counts. */
  startRun(run: Omit<RunRow, 'endedAt' | 'endReason'>): void {
    const row = { ...run, endedAt: null, endReason: null };
    this.#startRun.run({ ...row, rowHash: runHash(row) });
  }

  endRun(id: RunId, endReason: string, endedAt: number): void {
    const run = this.#run.get(id);
    if (!run || run.endedAt !== null) return;
    const row = { ...run, endedAt, endReason };
    this.#endRun.run({ ...row, rowHash: runHash(row) });
  }

  run(id: RunId): RunRow | undefined {
    return this.#run.get(id);
  }

  /** Runs whose end nobody has told of yet. */
  openRuns(): RunRow[] {
    return this.#openRuns.all();
  }

  /** When the agent last ended, for whatever reason; 0 if it never did. */
  lastEnd(agentId: AgentId): number {
    return this.#lastEnd.get(agentId) ?? 0;
  }

  /** The newest, whether it goes on or has ended. */
  lastRun(agentId: AgentId): RunRow | undefined {
    return this.#lastRun.get(agentId);
  }

  /** How far this file has taken in the agent's events; the transcript's file keeps its own count. */
  ackedSeq(agentId: AgentId): number {
    return this.#intake.ackedSeq(agentId);
  }
}

const runColumns = `id, agent_id as agentId, sidecar_pid as sidecarPid, build, started_at as startedAt, ended_at as endedAt,
  end_reason as endReason`;

const putAgentSql = `
  insert into agents (id, project_id, name, provider, command, model, environment, path, credentials, paused, session_id, created_at, row_hash)
  values (:id, :projectId, :name, :provider, :command, :model, :environment, :path, :credentials, :paused, :sessionId, :createdAt, :rowHash)
  on conflict (id) do update set name = excluded.name, provider = excluded.provider, command = excluded.command, model = excluded.model, environment = excluded.environment, path = excluded.path,
    credentials = excluded.credentials, paused = excluded.paused, session_id = excluded.session_id, row_hash = excluded.row_hash`;

const putSettingsSql = `
  insert into agent_settings (agent_id, sandbox_mode, network, secret_uses, row_hash)
  values (:id, :sandboxMode, :network, :secretUses, :rowHash)
  on conflict (agent_id) do update set sandbox_mode = excluded.sandbox_mode, network = excluded.network,
    secret_uses = excluded.secret_uses, row_hash = excluded.row_hash`;

function agentHash(agent: AgentRecord, removedAt: number | null): string {
  const { id, projectId, name, provider, model, path, credentials, sessionId, createdAt } = agent;
  const [command, environment, paused] = [JSON.stringify(agent.command), JSON.stringify(agent.environment), Number(agent.paused)];
  const kept = [id, projectId, name, provider, command, model, environment, path];
  return rowHash([...kept, credentials, paused, sessionId, createdAt, removedAt]);
}

function runHash({ id, agentId, sidecarPid, build, startedAt, endedAt, endReason }: RunRow): string {
  return rowHash([id, agentId, sidecarPid, build, startedAt, endedAt, endReason]);
}

function fromRow(row: AgentRow): AgentRecord {
  return {
    ...row,
    command: z.parse(Command, JSON.parse(row.command)),
    environment: z.parse(Environment, JSON.parse(row.environment)),
    paused: row.paused === 1,
    secretUses: row.secretUses === null ? [] : z.parse(SecretUses, JSON.parse(row.secretUses)),
  };
}
