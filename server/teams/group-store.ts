/** The rows of `groups` and `group_projects`: what of `groups.json` is in force. */
import type { ProjectId, TeamId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type GroupRow = {
  readonly id: TeamId;
  readonly name: string;
  /** What the file says of the group, as JSON. */
  readonly config: string;
  readonly appliedAt: number;
};

export type GroupProjectRow = { readonly projectId: ProjectId; readonly groupId: TeamId; readonly memberKey: string };

export class GroupStore {
  readonly #put;
  readonly #drop;
  readonly #all;
  readonly #putProject;
  readonly #dropProject;
  readonly #projects;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into groups (id, name, config, applied_at, row_hash) values (:id, :name, :config, :appliedAt, :rowHash)
       on conflict (id) do update set name = excluded.name, config = excluded.config, applied_at = excluded.applied_at,
         row_hash = excluded.row_hash`,
    );
    this.#drop = db.prepare('delete from groups where id = ?');
    this.#all = db.prepare<[], GroupRow>('select id, name, config, applied_at as appliedAt from groups order by rowid');
    this.#putProject = db.prepare(
      `insert into group_projects (project_id, group_id, member_key, row_hash) values (:projectId, :groupId, :memberKey, :rowHash)
       on conflict (project_id) do update set group_id = excluded.group_id, member_key = excluded.member_key, row_hash = excluded.row_hash`,
    );
    this.#dropProject = db.prepare('delete from group_projects where project_id = ?');
    this.#projects = db.prepare<[], GroupProjectRow>(
      'select project_id as projectId, group_id as groupId, member_key as memberKey from group_projects order by rowid',
    );
  }

  all(): GroupRow[] {
    return this.#all.all();
  }

  put(row: GroupRow): void {
    this.#put.run({ ...row, rowHash: rowHash([row.id, row.name, row.config, row.appliedAt]) });
  }

  drop(id: TeamId): void {
    this.#drop.run(id);
  }

  projects(): GroupProjectRow[] {
    return this.#projects.all();
  }

  putProject(row: GroupProjectRow): void {
    this.#putProject.run({ ...row, rowHash: rowHash([row.projectId, row.groupId, row.memberKey]) });
  }

  dropProject(projectId: ProjectId): void {
    this.#dropProject.run(projectId);
  }
}
