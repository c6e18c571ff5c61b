/** The rows of `worktrees` and `worktree_leases`. */
import * as z from 'zod/mini';
import type { AgentId } from '../protocol/ids.ts';
import { Lease, Worktree } from '../protocol/worktree.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import type { WorktreeRecord } from './state.ts';

type Row = Readonly<Record<string, unknown>>;

const KeptWorktree = z.extend(Worktree, { gitDir: z.string(), top: z.string() });
const columns = `id, project_id as projectId, agent_id as agentId, top, path, git_dir as gitDir, branch, base, base_commit as baseCommit,
  dependencies, linked, created_at as createdAt, removed_at as removedAt, bundle`;

export class WorktreeStore {
  readonly #put;
  readonly #all;
  readonly #ofAgent;
  readonly #putLease;
  readonly #removeLease;
  readonly #leases;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into worktrees (id, project_id, agent_id, top, path, git_dir, branch, base, base_commit, dependencies, linked, created_at,
         removed_at, bundle, row_hash)
       values (:id, :projectId, :agentId, :top, :path, :gitDir, :branch, :base, :baseCommit, :dependencies, :linked, :createdAt,
         :removedAt, :bundle, :rowHash)
       on conflict (id) do update set git_dir = excluded.git_dir, branch = excluded.branch, removed_at = excluded.removed_at,
         bundle = excluded.bundle, row_hash = excluded.row_hash`,
    );
    this.#all = db.prepare<[], Row>(`select ${columns} from worktrees order by created_at, id`);
    this.#ofAgent = db.prepare<[string], Row>(`select ${columns} from worktrees where agent_id = ? and removed_at is null`);
    this.#putLease = db.prepare(
      `insert into worktree_leases (agent_id, path, project_id, until, row_hash) values (:agentId, :path, :projectId, :until, :rowHash)
       on conflict (agent_id, path) do update set until = excluded.until, row_hash = excluded.row_hash`,
    );
    this.#removeLease = db.prepare<[string, string]>('delete from worktree_leases where agent_id = ? and path = ?');
    this.#leases = db.prepare<[], Row>(
      'select project_id as projectId, agent_id as agentId, path, until from worktree_leases order by path, agent_id',
    );
  }

  put(record: WorktreeRecord): void {
    const { linked, bundle, ...same } = record;
    const row = { ...same, linked: JSON.stringify(linked), bundle: bundle && JSON.stringify(bundle) };
    const { id, projectId, agentId, top, path, gitDir, branch, base, baseCommit, dependencies, createdAt, removedAt } = row;
    const cells = [id, projectId, agentId, top, path, gitDir, branch, base, baseCommit, dependencies, row.linked, createdAt, removedAt];
    this.#put.run({ ...row, rowHash: rowHash([...cells, row.bundle]) });
  }

  all(): WorktreeRecord[] {
    return this.#all.all().flatMap(recordOf);
  }

  /** The one in which it works now. */
  ofAgent(id: AgentId): WorktreeRecord | undefined {
    const row = this.#ofAgent.get(id);
    return row && recordOf(row)[0];
  }

  putLease(lease: Lease): void {
    const { agentId, path, projectId, until } = lease;
    this.#putLease.run({ ...lease, rowHash: rowHash([agentId, path, projectId, until]) });
  }

  /** False when there was none. */
  removeLease(agentId: AgentId, path: string): boolean {
    return this.#removeLease.run(agentId, path).changes > 0;
  }

  leases(): Lease[] {
    return this.#leases.all().flatMap((row) => Lease.safeParse(row).data ?? []);
  }
}

/** None for one that a newer build wrote, or that the disk gave back damaged. */
function recordOf(row: Row): WorktreeRecord[] {
  const read = KeptWorktree.safeParse({ ...row, linked: json(row.linked), bundle: json(row.bundle) });
  return read.success ? [read.data] : [];
}

function json(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return undefined;
  }
}
