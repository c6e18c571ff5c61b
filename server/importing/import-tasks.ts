/** Tasks and their comments, on the board of their group. */
import { newId } from '../base/uuid.ts';
import { TaskPriority, TaskState } from '../protocol/task.ts';
import type { OriginalRow } from '../store/original-database.ts';
import { left, partyOf } from './import-agents.ts';
import { createdAt, type ImportWork, keyBy, nextNumber, ownId, screened, tableOf, takeTable, teamOf } from './import-work.ts';
import { numberOf, textOf, timeOf } from './original-values.ts';

export function importTasks(work: ImportWork): void {
  const tasks = tableOf(work, 'tasks');
  const nextTask = nextNumber(work, 'select max(number) from tasks');
  const parents = new Parents(work);
  takeTable(work, {
    table: 'tasks',
    keyOf: keyBy('id'),
    take: (row, key) => {
      const id = parents.localId(key);
      const at = createdAt(row, work, 'tasks');
      const createdBy = partyOf(work, textOf(row, 'created_by'));
      const assignee = textOf(row, 'assigned_to');
      const [title, description] = [textOf(row, 'title') ?? '(without a title)', textOf(row, 'description') ?? ''];
      const { isHeld, findings } = screened(work, `${title}\n\n${description}`, 'task');
      const isNew = tasks.insert({
        number: nextTask(),
        id,
        team_id: teamOf(work, row),
        title,
        description,
        status: oneOf(work, { row, column: 'status', known: TaskState.options, otherwise: 'todo' }),
        priority: oneOf(work, { row, column: 'priority', known: TaskPriority.options, otherwise: 'medium' }),
        assigned_to: assignee === undefined ? null : partyOf(work, assignee),
        created_by: createdBy,
        updated_by: createdBy,
        parent_task_id: parents.of(key),
        sort_order: numberOf(row, 'sort_order') ?? 0,
        version: Math.max(1, Math.trunc(numberOf(row, 'version') ?? 1)),
        is_held: Number(isHeld),
        findings,
        created_at: at,
        updated_at: timeOf(row, 'updated_at') ?? at,
      });
      return isNew ? id : left(work, 'A task whose id is taken was left.');
    },
  });
}

export function importComments(work: ImportWork): void {
  const comments = tableOf(work, 'task_comments');
  takeTable(work, {
    table: 'task_comments',
    keyOf: keyBy('id'),
    take: (row, key) => {
      const task = work.record.localId('tasks', textOf(row, 'task_id') ?? '');
      if (task === undefined) return left(work, 'A comment on a task that is not there was left.');
      const id = ownId(work, 'task_comments', key);
      const said = { author: partyOf(work, textOf(row, 'agent_id')), content: textOf(row, 'content') ?? '' };
      const { isHeld, findings } = screened(work, said.content, 'comment');
      const created_at = createdAt(row, work, 'task_comments');
      comments.insert({ id, task_id: task, ...said, is_held: Number(isHeld), findings, created_at });
      return id;
    },
  });
}

type Choice<T extends string> = {
  readonly row: OriginalRow;
  readonly column: string;
  readonly known: readonly T[];
  readonly otherwise: T;
};

function oneOf<T extends string>({ record }: ImportWork, { row, column, known, otherwise }: Choice<T>): T {
  const said = textOf(row, column);
  const found = known.find((value) => value === said);
  if (found === undefined && said !== undefined)
    record.note(`The ${column} "${said.slice(0, 40)}" is not known here; such tasks are "${otherwise}".`);
  return found ?? otherwise;
}

/** A parent may come behind its parts, so ids are given before any task is put in. */
class Parents {
  readonly #work: ImportWork;
  readonly #ids = new Map<string, string>();
  readonly #parents = new Map<string, string>();

  constructor(work: ImportWork) {
    this.#work = work;
    for (const row of work.original.rows('tasks')) {
      const [key, parent] = [textOf(row, 'id'), textOf(row, 'parent_task_id')];
      if (key === undefined) continue;
      this.#ids.set(key, work.record.localId('tasks', key) ?? ownId(work, 'tasks', key));
      if (parent !== undefined) this.#parents.set(key, parent);
    }
  }

  localId(key: string): string {
    return this.#ids.get(key) ?? newId<string>();
  }

  of(key: string): string | null {
    const parent = this.#parents.get(key);
    if (parent === undefined) return null;
    const id = this.#ids.get(parent);
    if (id !== undefined && !this.#leadsBack(key)) return id;
    this.#work.record.note(
      id === undefined ? 'A task is a part of one that is not there.' : 'A task is a part of itself; it stands alone here.',
    );
    // Cut once, the rest of the circle is a chain.
    this.#parents.delete(key);
    return null;
  }

  #leadsBack(key: string): boolean {
    const seen = new Set<string>();
    for (let at = this.#parents.get(key); at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      if (at === key) return true;
      seen.add(at);
    }
    return false;
  }
}
