/** The rows of `projects`. */

import type { ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

type ProjectRow = { id: ProjectId; name: string; path: string; trusted: number; createdAt: number };

export class ProjectStore {
  readonly #put;
  readonly #remove;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into projects (id, name, path, trusted, created_at, row_hash)
       values (:id, :name, :path, :trusted, :createdAt, :rowHash)
       on conflict (id) do update set name = excluded.name, trusted = excluded.trusted, row_hash = excluded.row_hash`,
    );
    this.#remove = db.prepare('update projects set removed_at = :removedAt, row_hash = :rowHash where id = :id');
    this.#all = db.prepare<[], ProjectRow>(
      `select id, name, path, trusted, created_at as createdAt from projects where removed_at is null order by created_at`,
    );
  }

  all(): Project[] {
    return this.#all.all().map((row) => ({ ...row, trusted: row.trusted === 1 }));
  }

  put(project: Project): void {
    this.#put.run({ ...project, trusted: Number(project.trusted), rowHash: projectHash(project, null) });
  }

  remove(project: Project, removedAt: number): void {
    this.#remove.run({ id: project.id, removedAt, rowHash: projectHash(project, removedAt) });
  }
}

function projectHash(project: Project, removedAt: number | null): string {
  return rowHash([project.id, project.name, project.path, Number(project.trusted), project.createdAt, removedAt]);
}
