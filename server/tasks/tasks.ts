/** The shared boards, one for each team: who may do what is held here, and a change that names an old version is refused. */
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PartyId, TaskId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { Finding } from '../protocol/screening.ts';
import { type Task, type TaskComment, TaskState } from '../protocol/task.ts';
import { HeldTasks } from './held-tasks.ts';
import { evenPlace, placeAtEnd, placeBetween } from './place.ts';
import type { By, TasksDeps } from './surroundings.ts';
import { idsOf, TaskBook } from './task-book.ts';
import { checkedText, checkedTitle, requireParent, requireVersion } from './task-checks.ts';
import { isClosed } from './task-rules.ts';
import type { CommentRow, Held, KeptTask, TaskRow } from './task-store.ts';
import { nameOf, shownComment } from './task-view.ts';

type Screened = { readonly held: Held; readonly findings: readonly Finding[] };

const reviewQueue = 'review-queue';

export class Tasks {
  readonly #deps: TasksDeps;
  readonly #book: TaskBook;
  /** What waits for the person. */
  readonly heldTexts: HeldTasks;

  constructor(deps: TasksDeps) {
    this.#deps = deps;
    this.#book = new TaskBook(deps);
    this.heldTexts = new HeldTasks(this.#book, deps);
  }

  get changed(): TaskBook['changed'] {
    return this.#book.changed;
  }

  get removed(): TaskBook['removed'] {
    return this.#book.removed;
  }

  get finished(): TaskBook['finished'] {
    return this.#book.finished;
  }

  get heldChanged(): TaskBook['heldChanged'] {
    return this.#book.heldChanged;
  }

  list({ team, all, state, assignee }: Params<'task/list'>, { as }: By): Result<'task/list'> {
    const teamId = this.#deps.directory.findTeam(team, as);
    const of = assignee === undefined ? undefined : this.#deps.directory.find(assignee, as);
    const isOwn = (row: KeptTask) => row.assignee === as || row.createdBy === as;
    const seesAll = this.#book.seesAll(as, teamId);
    const isWanted = (row: KeptTask) =>
      (seesAll || isOwn(row)) &&
      (of === undefined || row.assignee === of) &&
      (state === undefined ? all === true || !isClosed(row.state) : row.state === state);
    const rows = this.#book.tasks.board(teamId).filter(isWanted);
    return { tasks: rows.map((row) => this.#book.shown(row, as)) };
  }

  show({ task }: Params<'task/show'>, by: By): Result<'task/show'> {
    const row = this.#book.findFor(task, by, () => ({ does: 'see' }));
    const reader = { directory: this.#deps.directory, as: by.as };
    return {
      task: this.#book.shown(row, by.as),
      comments: this.#book.comments.of(row.id).map((comment) => shownComment(comment, reader)),
      parts: this.#book.tasks.parts(row.id).map((part) => this.#book.shown(part, by.as)),
    };
  }

  add(params: Params<'task/add'>, by: By): Task {
    const teamId = this.#deps.directory.findTeam(params.team, by.as);
    this.#book.require(by, { does: 'add' }, { teamId });
    const title = checkedTitle(params.title);
    const description = checkedText('description', params.description ?? '');
    const assignee = params.assign === undefined ? null : this.#assignee(params.assign, { teamId, by });
    if (assignee !== null) this.#book.require(by, { does: 'assign', to: assignee === by.as ? 'itself' : 'another' }, { teamId });
    const place = { id: newId<TaskId>(), number: this.#book.tasks.nextNumber(), teamId };
    const text = this.#screened(`${title}\n\n${description}`, by, 'task');
    const row: TaskRow = {
      ...place,
      title,
      description,
      state: 'todo',
      priority: params.priority ?? 'medium',
      assignee,
      createdBy: by.as,
      updatedBy: by.as,
      parentId: this.#parentId(params.parent, place, by),
      sortOrder: placeAtEnd(this.#book.tasks.column(teamId, 'todo').at(-1)?.sortOrder),
      version: 0,
      held: text.held,
      findings: JSON.stringify(text.findings),
      removedAt: null,
      createdAt: this.#deps.now(),
      updatedAt: this.#deps.now(),
    };
    const note = { event: 'task_created', detail: { teamId, assignee } } as const;
    return this.#changed(row, by, {
      note,
      more: () => {
        this.#tellScreened(place, text, by);
        this.#tellAssignee(row, by);
      },
    });
  }

  /** Screened anew when its text is another one. */
  edit({ task, version, ...wanted }: Params<'task/edit'>, by: By): Task {
    const row = this.#book.findFor(task, by, () => ({ does: 'edit' }));
    this.#requireVersion(row, version);
    const title = wanted.title === undefined ? row.title : checkedTitle(wanted.title);
    const description = wanted.description === undefined ? row.description : checkedText('description', wanted.description);
    const parentId = wanted.parent === undefined ? row.parentId : this.#parentId(wanted.parent, row, by);
    const next = { ...row, title, description, parentId, priority: wanted.priority ?? row.priority };
    const fields = (['title', 'description', 'priority', 'parentId'] as const).filter((name) => next[name] !== row[name]);
    if (fields.length === 0) return this.#book.shown(row, by.as);
    const note = { event: 'task_edited', detail: { fields } } as const;
    if (title === row.title && description === row.description) return this.#changed(next, by, { note });
    const text = this.#screened(`${title}\n\n${description}`, by, 'task');
    const more = () => this.#tellScreened(row, text, by);
    if (text.held !== row.held) this.#book.tellHeld();
    return this.#changed({ ...next, held: text.held, findings: JSON.stringify(text.findings) }, by, { note, more });
  }

  /** To null: nobody's. */
  assign({ task, to, version }: Params<'task/assign'>, by: By): Task {
    const row = this.#book.find(task, by.as);
    const assignee = to === null ? null : this.#assignee(to, { teamId: row.teamId, by });
    const whom = assignee === null ? 'nobody' : assignee === by.as ? 'itself' : 'another';
    this.#book.require(by, { does: 'assign', to: whom }, row);
    this.#requireVersion(row, version);
    if (assignee === row.assignee) return this.#book.shown(row, by.as);
    const note = { event: 'task_assigned', detail: { from: row.assignee, to: assignee } } as const;
    const next = { ...row, assignee };
    return this.#changed(next, by, { note, more: () => this.#tellAssignee(next, by) });
  }

  /** Into the state that it has already, without a place, it changes nothing. */
  move({ task, state, version, before }: Params<'task/move'>, by: By): Task {
    const row = this.#book.findFor(task, by, ({ state: from }) => ({ does: 'move', from, to: state }));
    this.#requireVersion(row, version);
    const isMoved = state !== row.state;
    if (!isMoved && before === undefined) return this.#book.shown(row, by.as);
    return this.#deps.file.write(() => {
      const sortOrder =
        before === undefined ? this.#endOf(row.teamId, state) : this.#placeAbove(this.#book.find(before, by.as), row, state);
      const next = { ...row, state, sortOrder };
      if (!isMoved) return this.#changed(next, by, { note: { event: 'task_edited', detail: { fields: ['sortOrder'] } } });
      const note = { event: 'task_status_changed', detail: { from: row.state, to: state } } as const;
      return this.#changed(next, by, { note, more: () => this.#tellReviewers(next, by) });
    });
  }

  /** It leaves the task's version as it is, so that whoever works on the task is not held up by it. */
  comment({ task, text }: Params<'task/comment'>, by: By): TaskComment {
    const row = this.#book.findFor(task, by, () => ({ does: 'comment' }));
    const { held, findings } = this.#screened(checkedText('comment', text), by, 'comment');
    const id = newId<string>();
    const createdAt = this.#deps.now();
    const comment: CommentRow = { id, taskId: row.id, author: by.as, text, held, findings: JSON.stringify(findings), createdAt };
    this.#deps.file.write(() => {
      this.#book.comments.put(comment);
      this.#book.audit(by, { event: 'task_commented', detail: { ...idsOf(row), commentId: id } });
      this.#tellScreened(row, { held, findings }, by);
    });
    this.#book.tell(row.id, row.teamId);
    return shownComment(comment, { directory: this.#deps.directory, as: by.as });
  }

  /** Its parts become tasks of their own. */
  remove({ task, version }: Params<'task/remove'>, by: By): void {
    const row = this.#book.findFor(task, by, () => ({ does: 'remove' }));
    this.#requireVersion(row, version);
    const parts = this.#book.tasks.parts(row.id);
    const note = { event: 'task_removed', detail: { parts: parts.map(({ number }) => number) } } as const;
    const freePart = (part: KeptTask) =>
      this.#book.change({ ...part, parentId: null }, by, { note: { event: 'task_edited', detail: { fields: ['parentId'] } } });
    this.#book.change({ ...row, removedAt: this.#deps.now() }, by, { note, more: () => parts.forEach(freePart) });
    if (row.held === 1 || this.#book.comments.of(row.id).some(({ held }) => held === 1)) this.#book.tellHeld();
  }

  /** Whether a task of or by one of them was changed since then; comments alone are no progress. */
  hasProgress(parties: readonly PartyId[], sinceMs: number): boolean {
    return parties.some((party) => this.#book.tasks.hasChanged(party, sinceMs));
  }

  counts(team: TeamId): Record<TaskState, number> {
    const none: Record<TaskState, number> = { todo: 0, progress: 0, review: 0, done: 0, blocked: 0, rejected: 0 };
    const counted = this.#book.tasks.counts(team).filter(({ state }) => TaskState.safeParse(state).success);
    return { ...none, ...Object.fromEntries(counted.map(({ state, count }) => [state, count])) };
  }

  /** As agents may see them, in the order of the column. */
  inReview(team: TeamId): Task[] {
    return this.#column(team, 'review');
  }

  blocked(team: TeamId): Task[] {
    return this.#column(team, 'blocked');
  }

  #column(team: TeamId, state: TaskState): Task[] {
    return this.#book.tasks.column(team, state).map((row) => this.#book.shown(row, partyIds.system));
  }

  #changed(row: TaskRow, by: By, what: Parameters<TaskBook['change']>[2]): Task {
    return this.#book.shown(this.#book.change(row, by, what), by.as);
  }

  #requireVersion(row: KeptTask, named: number | undefined): void {
    requireVersion(row, named, { changer: this.#deps.directory.party(row.updatedBy).name, now: this.#deps.now() });
  }

  /** The person's own words go to agents, whatever is found in them. */
  #screened(text: string, by: By, kind: 'task' | 'comment'): Screened {
    const { verdict, findings } = this.#deps.screen(text, { from: by.as, kind });
    return { held: verdict === 'hold' && by.as !== partyIds.person ? 1 : 0, findings: verdict === 'deliver' ? [] : findings };
  }

  #tellScreened({ id, number }: Pick<TaskRow, 'id' | 'number'>, { held, findings }: Screened, by: By): void {
    if (findings.length === 0 && held === 0) return;
    const found = findings.map(({ rule, excerpt }) => ({ rule, excerpt }));
    const detail = { taskId: id, number, verdict: held === 1 ? 'hold' : 'flag', findings: found };
    this.#book.audit(by, { event: 'prompt_injection_detected', detail });
    if (held === 1) this.#book.tellHeld();
  }

  /** In the name of who assigns it, perhaps as an order: words of somebody else have no place in it. */
  #tellAssignee(row: TaskRow, by: By): void {
    if (row.assignee === null || row.assignee === by.as) return;
    const named = row.createdBy === by.as ? nameOf(row) : `Task ${row.number}`;
    const text = `${named} is assigned to you now, priority ${row.priority}. Look at it with "bttask show ${row.number}".`;
    this.#deps.post.toAgent(row.assignee, text, by.as);
  }

  #tellReviewers(row: TaskRow, by: By): void {
    if (row.state !== 'review') return;
    const { name } = this.#deps.directory.party(by.as);
    this.#deps.post.toChannel(row.teamId, reviewQueue, `${nameOf(row)} is ready for review, by ${name}.`);
  }

  #assignee(reference: string, { teamId, by }: { readonly teamId: TeamId; readonly by: By }): PartyId {
    const { directory } = this.#deps;
    const party = directory.find(reference, by.as);
    if (party === partyIds.person || (directory.isAgent(party) && directory.teamOf(party) === teamId)) return party;
    const names = directory.members(teamId).map((member) => directory.party(member).name);
    throw new AgorError(
      'badRequest',
      `"${directory.party(party).name}" is not in the team ${directory.teamName(teamId)}. Its agents: ${names.join(', ') || 'none'}.`,
    );
  }

  #parentId(reference: string | null | undefined, child: Pick<TaskRow, 'id' | 'number' | 'teamId'>, by: By): TaskId | null {
    if (reference === null || reference === undefined) return null;
    const parent = this.#book.find(reference, by.as);
    requireParent(parent, child, { byId: (id) => this.#book.tasks.byId(id) });
    return parent.id;
  }

  #endOf(teamId: TeamId, state: TaskState): number {
    return placeAtEnd(this.#book.tasks.column(teamId, state).at(-1)?.sortOrder);
  }

  /** Where there is no room left above it, its column is numbered anew, which is no change of those tasks. */
  #placeAbove(below: KeptTask, moved: KeptTask, state: TaskState): number {
    const column = this.#book.tasks.column(moved.teamId, state).filter(({ id }) => id !== moved.id);
    const index = column.findIndex(({ id }) => id === below.id);
    const target = column[index];
    if (!target)
      throw new AgorError('badRequest', `Task ${below.number} is not another task in "${state}", so nothing can be placed above it there.`);
    const place = placeBetween(column[index - 1]?.sortOrder, target.sortOrder);
    if (place !== undefined) return place;
    for (const [at, row] of column.entries()) {
      this.#book.tasks.put({ ...row, sortOrder: evenPlace(at) });
      this.#book.tell(row.id, row.teamId);
    }
    return (evenPlace(index - 1) + evenPlace(index)) / 2;
  }
}
