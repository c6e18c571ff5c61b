/** The rows of `tasks` and `task_comments`. Removed tasks stay, so that no number is given twice. */
import * as z from 'zod/mini';
import type { PartyId, TaskId, TeamId } from '../protocol/ids.ts';
import { TaskPriority, TaskState } from '../protocol/task.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** 1: waits for the person. 2: the person discarded the text, and it stays hidden from agents. */
export type Held = 0 | 1 | 2;

export type TaskRow = {
  readonly number: number;
  readonly id: TaskId;
  readonly teamId: TeamId;
  readonly title: string;
  readonly description: string;
  readonly state: TaskState;
  readonly priority: TaskPriority;
  readonly assignee: PartyId | null;
  readonly createdBy: PartyId;
  readonly updatedBy: PartyId;
  readonly parentId: TaskId | null;
  readonly sortOrder: number;
  readonly version: number;
  readonly held: Held;
  /** As JSON. */
  readonly findings: string;
  readonly removedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** With what other rows say about it. */
export type KeptTask = TaskRow & { readonly parent: number | null; readonly comments: number };

export type CommentRow = {
  readonly id: string;
  readonly taskId: TaskId;
  readonly author: PartyId;
  readonly text: string;
  readonly held: Held;
  readonly findings: string;
  readonly createdAt: number;
};

const columns = `t.number, t.id, t.team_id as teamId, t.title, t.description, t.status as state, t.priority, t.assigned_to as assignee,
  t.created_by as createdBy, t.updated_by as updatedBy, t.parent_task_id as parentId, t.sort_order as sortOrder, t.version, t.is_held as held,
  t.findings, t.removed_at as removedAt, t.created_at as createdAt, t.updated_at as updatedAt,
  (select p.number from tasks p where p.id = t.parent_task_id) as parent,
  (select count(*) from task_comments c where c.task_id = t.id) as comments`;
const commentColumns = 'id, task_id as taskId, author, content as text, is_held as held, findings, created_at as createdAt';
const byUrgency = `case t.priority when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end, t.sort_order, t.number`;

export class TaskStore {
  readonly #put;
  readonly #byNumber;
  readonly #byId;
  readonly #board;
  readonly #all;
  readonly #column;
  readonly #parts;
  readonly #held;
  readonly #nextNumber;
  readonly #changed;
  readonly #counts;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into tasks (number, id, team_id, title, description, status, priority, assigned_to, created_by, updated_by, parent_task_id,
         sort_order, version, is_held, findings, removed_at, created_at, updated_at, row_hash)
       values (:number, :id, :teamId, :title, :description, :state, :priority, :assignee, :createdBy, :updatedBy, :parentId,
         :sortOrder, :version, :held, :findings, :removedAt, :createdAt, :updatedAt, :rowHash)
       on conflict (number) do update set title = excluded.title, description = excluded.description, status = excluded.status,
         priority = excluded.priority, assigned_to = excluded.assigned_to, updated_by = excluded.updated_by,
         parent_task_id = excluded.parent_task_id, sort_order = excluded.sort_order, version = excluded.version,
         is_held = excluded.is_held, findings = excluded.findings, removed_at = excluded.removed_at, updated_at = excluded.updated_at,
         row_hash = excluded.row_hash`,
    );
    const select = (rest: string) => `select ${columns} from tasks t where t.removed_at is null and ${rest}`;
    this.#byNumber = db.prepare<[number], KeptTask>(select('t.number = ?'));
    this.#byId = db.prepare<[string], KeptTask>(select('t.id = ?'));
    this.#board = db.prepare<[string], KeptTask>(select(`t.team_id = ? order by ${byUrgency}`));
    this.#all = db.prepare<[], KeptTask>(select('true order by t.number desc'));
    this.#column = db.prepare<[string, string], KeptTask>(select('t.team_id = ? and t.status = ? order by t.sort_order, t.number'));
    this.#parts = db.prepare<[string], KeptTask>(select(`t.parent_task_id = ? order by ${byUrgency}`));
    this.#held = db.prepare<[], KeptTask>(select('t.is_held = 1 order by t.updated_at'));
    this.#nextNumber = db.prepare<[], number>('select coalesce(max(number), 0) + 1 from tasks').pluck();
    this.#changed = db
      .prepare<[{ party: string; since: number }], number>(
        `select 1 from tasks where updated_at >= :since and (assigned_to = :party or created_by = :party or updated_by = :party) limit 1`,
      )
      .pluck();
    this.#counts = db.prepare<[string], { state: TaskState; count: number }>(
      'select status as state, count(*) as count from tasks where team_id = ? and removed_at is null group by status',
    );
  }

  put(row: TaskRow): void {
    const { number, id, teamId, title, description, state, priority, assignee, createdBy, updatedBy, parentId } = row;
    const { sortOrder, version, held, findings, removedAt, createdAt, updatedAt } = row;
    const text = [number, id, teamId, title, description, state, priority, assignee, createdBy, updatedBy, parentId];
    this.#put.run({ ...row, rowHash: rowHash([...text, sortOrder, version, held, findings, removedAt, createdAt, updatedAt]) });
  }

  byNumber(number: number): KeptTask | undefined {
    return usable(this.#byNumber.get(number))[0];
  }

  byId(id: string): KeptTask | undefined {
    return usable(this.#byId.get(id))[0];
  }

  /** By priority, then place. */
  board(teamId: TeamId): KeptTask[] {
    return this.#board.all(teamId).flatMap(usable);
  }

  /** The newest first. */
  all(): KeptTask[] {
    return this.#all.all().flatMap(usable);
  }

  column(teamId: TeamId, state: TaskState): KeptTask[] {
    return this.#column.all(teamId, state).flatMap(usable);
  }

  parts(id: TaskId): KeptTask[] {
    return this.#parts.all(id).flatMap(usable);
  }

  held(): KeptTask[] {
    return this.#held.all().flatMap(usable);
  }

  nextNumber(): number {
    return this.#nextNumber.get() ?? 1;
  }

  hasChanged(party: PartyId, since: number): boolean {
    return this.#changed.get({ party, since }) !== undefined;
  }

  counts(teamId: TeamId): { state: TaskState; count: number }[] {
    return this.#counts.all(teamId);
  }
}

export class CommentStore {
  readonly #put;
  readonly #of;
  readonly #one;
  readonly #held;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into task_comments (id, task_id, author, content, is_held, findings, created_at, row_hash)
       values (:id, :taskId, :author, :text, :held, :findings, :createdAt, :rowHash)
       on conflict (id) do update set is_held = excluded.is_held, row_hash = excluded.row_hash`,
    );
    this.#of = db.prepare<[string], CommentRow>(`select ${commentColumns} from task_comments where task_id = ? order by created_at, id`);
    this.#one = db.prepare<[string], CommentRow>(`select ${commentColumns} from task_comments where id = ?`);
    this.#held = db.prepare<[], CommentRow>(`select ${commentColumns} from task_comments where is_held = 1 order by created_at, id`);
  }

  put(row: CommentRow): void {
    const { id, taskId, author, text, held, findings, createdAt } = row;
    this.#put.run({ ...row, rowHash: rowHash([id, taskId, author, text, held, findings, createdAt]) });
  }

  of(taskId: TaskId): CommentRow[] {
    return this.#of.all(taskId);
  }

  get(id: string): CommentRow | undefined {
    return this.#one.get(id);
  }

  held(): CommentRow[] {
    return this.#held.all();
  }
}

/** Nothing for a row that the disk gave back damaged, so that it does not hide the others. */
function usable(row: KeptTask | undefined): KeptTask[] {
  if (!row) return [];
  return z.safeParse(TaskState, row.state).success && z.safeParse(TaskPriority, row.priority).success ? [row] : [];
}
