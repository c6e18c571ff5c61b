/** Where tasks are kept, changed and told of: each change with its version, its audit row, and its event afterwards. */
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { SenderRates } from '../base/sender-rates.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PartyId, TaskId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Task } from '../protocol/task.ts';
import type { Party } from '../protocol/team.ts';
import type { By, TasksDeps } from './surroundings.ts';
import { type Deed, mayDo, type Standing, seesAll, type Tie } from './task-rules.ts';
import { CommentStore, type KeptTask, type TaskRow, TaskStore } from './task-store.ts';
import { shownTask } from './task-view.ts';

/** A plan is many tasks at once; but a change may be a message to others, so it is no way around what holds for messages. */
const changesPerMessage = 2;

type Note = { readonly event: AuditEvent; readonly detail: Readonly<Record<string, unknown>> };

export class TaskBook {
  readonly changed = new Emitter<Task>();
  readonly removed = new Emitter<{ taskId: TaskId; teamId: TeamId }>();
  readonly heldChanged = new Emitter<void>();
  /** Moved to where it is done, and by whom. */
  readonly finished = new Emitter<{ task: Task; by: Party }>();
  readonly tasks: TaskStore;
  readonly comments: CommentStore;
  readonly #deps: TasksDeps;
  readonly #rates: SenderRates;

  constructor(deps: TasksDeps) {
    this.#deps = deps;
    this.#rates = new SenderRates(() => changesPerMessage * deps.setting('messages.perMinute'));
    this.tasks = new TaskStore(deps.file.db);
    this.comments = new CommentStore(deps.file.db);
  }

  /** By its number, or a part of its id. What is on the board of another team does not exist for an agent. */
  find(reference: string, as: PartyId): KeptTask {
    const isVisible = (row: KeptTask) => isOfAllTeams(as) || row.teamId === this.#deps.directory.teamOf(as);
    const digits = /^#?(\d{1,15})$/.exec(reference.trim())?.[1];
    const numbered = digits === undefined ? undefined : this.tasks.byNumber(Number(digits));
    if (numbered && isVisible(numbered)) return numbered;
    const candidates = this.tasks.all().filter(isVisible);
    return resolveReference(
      'task',
      reference.trim(),
      candidates.map((row) => ({ id: row.id, name: `#${row.number}`, row })),
    ).row;
  }

  /** The same, of one that the caller may do this with; throws `refused` and says who may. */
  findFor(reference: string, by: By, deed: (row: KeptTask) => Deed): KeptTask {
    const row = this.find(reference, by.as);
    this.require(by, deed(row), row);
    return row;
  }

  require(by: By, deed: Deed, on: Pick<TaskRow, 'teamId'> & Partial<Pick<TaskRow, 'assignee' | 'createdBy'>>): void {
    const tie: Tie = { isAssignee: on.assignee === by.as, isCreator: on.createdBy === by.as };
    const refusal = mayDo(this.#standing(by.as, on.teamId), deed, tie);
    if (refusal !== null) throw new AgorError('refused', refusal);
    if (deed.does !== 'see') this.#pace(by);
  }

  seesAll(as: PartyId, teamId: TeamId): boolean {
    return seesAll(this.#standing(as, teamId));
  }

  /** On disk with its audit row and whatever `more` does, or not at all. */
  change(row: TaskRow, by: By, { note, more }: { readonly note: Note; readonly more?: () => void }): KeptTask {
    const at = this.#deps.now();
    const next = { ...row, version: row.version + 1, updatedBy: by.as, updatedAt: at };
    this.#deps.file.write(() => {
      this.tasks.put(next);
      this.audit(by, { ...note, detail: { ...idsOf(row), ...note.detail, version: next.version } });
      more?.();
    });
    this.tell(row.id, row.teamId);
    if (note.event === 'task_status_changed' && next.state === 'done') this.#tellFinished(next, by);
    return this.tasks.byId(row.id) ?? { ...next, parent: null, comments: 0 };
  }

  audit({ as, actor }: By, { event, detail }: Note): void {
    const agentId = this.#deps.directory.isAgent(as) ? as : null;
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId, actor, detail });
  }

  /** A transaction of the caller may still be open, and may fail: told when it is over, and as it then stands on disk. */
  tell(taskId: TaskId, teamId: TeamId): void {
    queueMicrotask(() => {
      if (!this.#deps.file.db.open) return;
      const kept = this.tasks.byId(taskId);
      if (kept) this.changed.emit(this.shown(kept, partyIds.person));
      else this.removed.emit({ taskId, teamId });
    });
  }

  tellHeld(): void {
    queueMicrotask(() => this.heldChanged.emit());
  }

  shown(row: KeptTask, as: PartyId): Task {
    return shownTask(row, { directory: this.#deps.directory, as });
  }

  #tellFinished({ id, version }: TaskRow, by: By): void {
    queueMicrotask(() => {
      const kept = this.#deps.file.db.open ? this.tasks.byId(id) : undefined;
      const party = this.#deps.directory.party(by.as);
      if (kept?.version === version) this.finished.emit({ task: this.shown(kept, partyIds.person), by: party });
    });
  }

  #pace({ as }: By): void {
    const { directory, clock, setting } = this.#deps;
    const late = directory.isAgent(as) ? this.#rates.take(as, clock.elapsed()) : null;
    if (!late) return;
    const most = changesPerMessage * setting('messages.perMinute');
    const wait = Math.ceil(late.waitMs / 1000);
    throw new AgorError(
      'refused',
      `You have changed the board ${most} times within a minute, which is as often as is possible. Try again in ${wait} s.`,
    );
  }

  #standing(as: PartyId, teamId: TeamId): Standing {
    const { directory } = this.#deps;
    const role = as === partyIds.assistant ? 'assistant' : directory.roleOf(as);
    return { role, hasManager: directory.members(teamId).some((member) => directory.roleOf(member) === 'manager') };
  }
}

/** By what an audit row names a task. */
export function idsOf({ id, number, title }: Pick<TaskRow, 'id' | 'number' | 'title'>): Readonly<Record<string, unknown>> {
  return { taskId: id, number, title };
}

function isOfAllTeams(as: PartyId): boolean {
  return as === partyIds.person || as === partyIds.assistant;
}
