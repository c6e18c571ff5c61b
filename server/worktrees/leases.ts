/** Paths that agents have for themselves for a while. Nobody is held back by one: the others are told of it. */
import { normalize } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Lease } from '../protocol/worktree.ts';
import type { RecordFile } from '../store/record-file.ts';
import { WorktreeStore } from './worktree-store.ts';

export type LeasesDeps = { readonly file: RecordFile; readonly audit: AuditLog; readonly now: () => number };

type Wish = { readonly agentId: AgentId; readonly projectId: ProjectId; readonly path: string; readonly minutes: number };

const minuteMs = 60_000;
const most = 200;

export class Leases {
  readonly #deps: LeasesDeps;
  readonly #store: WorktreeStore;

  constructor(deps: LeasesDeps) {
    this.#deps = deps;
    this.#store = new WorktreeStore(deps.file.db);
  }

  /** Those that have not run out. */
  of(projectId: ProjectId | undefined): Lease[] {
    const now = this.#deps.now();
    return this.#store.leases().filter((lease) => lease.until > now && (projectId === undefined || lease.projectId === projectId));
  }

  /** Throws `conflict` when another agent has the path, or a folder around or below it. */
  set({ agentId, projectId, path, minutes }: Wish, actor: string): void {
    const plain = plainPath(path);
    if (minutes === 0) return this.#end(agentId, plain, actor);
    const others = this.of(projectId).filter((lease) => lease.agentId !== agentId);
    const taken = others.find((lease) => overlap(lease.path, plain));
    if (taken) throw new AgorError('conflict', `Another agent has ${taken.path} until ${new Date(taken.until).toISOString()}.`);
    if (this.of(projectId).length >= most) throw new AgorError('tooLarge', `At most ${most} paths can be had at once in a project.`);
    const { file, audit, now } = this.#deps;
    const lease = { agentId, projectId, path: plain, until: now() + minutes * minuteMs };
    file.write(() => {
      this.#store.putLease(lease);
      audit.append({ at: now(), event: 'lease_given', agentId, actor, detail: { projectId, path: plain, until: lease.until } });
    });
  }

  #end(agentId: AgentId, path: string, actor: string): void {
    const { file, audit, now } = this.#deps;
    file.write(() => {
      if (!this.#store.removeLease(agentId, path)) throw new AgorError('notFound', `The agent does not have ${path} for itself.`);
      audit.append({ at: now(), event: 'lease_ended', agentId, actor, detail: { path } });
    });
  }
}

function plainPath(path: string): string {
  const plain = normalize(path);
  if (!plain.startsWith('/') && plain.split('/')[0] !== '..' && plain !== '.') return plain;
  throw new AgorError('badRequest', `${path} is no path below the project's folder. Name one like src/ or src/app.ts.`);
}

function overlap(one: string, other: string): boolean {
  return one === other || isAround(one, other) || isAround(other, one);
}

function isAround(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`) || `${path}/` === folder;
}
