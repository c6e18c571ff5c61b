/** Projects: the folders that agents work in, and whether the person trusts them. */
import { realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { AuditEntry } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { Database } from '../store/open-database.ts';
import { ProjectStore } from './project-store.ts';

export type ProjectsDeps = {
  readonly db: Database;
  /** Runs `work` in a write transaction of the project's database. */
  readonly write: <T>(work: () => T) => T;
  /** Writes the audit row in its own database before the fact: an intent without a fact is told, never the reverse. */
  readonly audit: (entry: AuditEntry) => void;
  readonly now: () => number;
};

export type NewProject = { readonly path: string; readonly name?: string | undefined; readonly trusted?: boolean | undefined };

export class Projects {
  readonly changed = new Emitter<Project>();
  readonly removed = new Emitter<ProjectId>();
  readonly #deps: ProjectsDeps;
  readonly #store: ProjectStore;
  readonly #byId = new Map<ProjectId, Project>();

  constructor(deps: ProjectsDeps) {
    this.#deps = deps;
    this.#store = new ProjectStore(deps.db);
    for (const project of this.#store.all()) this.#byId.set(project.id, project);
  }

  list(): Project[] {
    return [...this.#byId.values()];
  }

  find(reference: string): Project {
    return resolveReference('project', reference, this.list());
  }

  get(id: ProjectId): Project | undefined {
    return this.#byId.get(id);
  }

  add(input: NewProject, actor: string): Project {
    const path = existingFolder(input.path);
    const known = this.list().find((project) => project.path === path);
    if (known) return input.trusted && !known.trusted ? this.trust(known.id, true, actor) : known;
    const createdAt = this.#deps.now();
    const project = {
      id: newId<ProjectId>(),
      name: this.#freeName(input.name ?? (basename(path) || path)),
      path,
      trusted: input.trusted ?? false,
      createdAt,
    };
    this.#audit('project_added', actor, { projectId: project.id, path, trusted: project.trusted });
    this.#put(project);
    return project;
  }

  trust(reference: string, trusted: boolean, actor: string): Project {
    const project = { ...this.find(reference), trusted };
    this.#audit('project_trust_changed', actor, { projectId: project.id, path: project.path, trusted });
    this.#put(project);
    return project;
  }

  remove(reference: string, actor: string): void {
    const project = this.find(reference);
    this.#audit('project_removed', actor, { projectId: project.id, path: project.path });
    this.#deps.write(() => this.#store.remove(project, this.#deps.now()));
    this.#byId.delete(project.id);
    this.removed.emit(project.id);
  }

  #put(project: Project): void {
    this.#deps.write(() => this.#store.put(project));
    this.#byId.set(project.id, project);
    this.changed.emit(project);
  }

  #audit(event: 'project_added' | 'project_trust_changed' | 'project_removed', actor: string, detail: Record<string, unknown>): void {
    this.#deps.audit({ at: this.#deps.now(), event, agentId: null, actor, detail });
  }

  /** Two folders of one name get a number, so that each can be called by its name. */
  #freeName(wanted: string): string {
    const taken = new Set(this.list().map((project) => project.name));
    if (!taken.has(wanted)) return wanted;
    for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
  }
}

function existingFolder(path: string): string {
  if (!isAbsolute(path)) throw new AgorError('badRequest', `The project's folder must be an absolute path; "${path}" is not.`);
  try {
    // The system's own way also gives the letters as they are on disk, where it takes large and small ones for the same.
    const resolved = realpathSync.native(path);
    if (statSync(resolved).isDirectory()) return resolved;
  } catch (cause) {
    throw new AgorError('notFound', `The folder ${path} does not exist or cannot be read. Make it first, or check the path.`, { cause });
  }
  throw new AgorError('badRequest', `${path} is a file. A project is a folder.`);
}
