/** Texts of tasks that wait for the person: released they are read by all, discarded they stay hidden from agents. */
import { AgorError } from '../protocol/errors.ts';
import { partyIds } from '../protocol/message.ts';
import type { HeldItem } from '../protocol/screening.ts';
import type { By, TasksDeps } from './surroundings.ts';
import { idsOf, type TaskBook } from './task-book.ts';
import type { CommentRow, Held, KeptTask } from './task-store.ts';
import { findingsOf } from './task-view.ts';

type Settlement = 'held_released' | 'held_discarded';
type Found = { readonly item: HeldItem; readonly task: KeptTask; readonly comment?: CommentRow };

const heldAfter: Readonly<Record<Settlement, Held>> = { held_released: 0, held_discarded: 2 };

export class HeldTasks {
  readonly #book: TaskBook;
  readonly #deps: TasksDeps;

  constructor(book: TaskBook, deps: TasksDeps) {
    this.#book = book;
    this.#deps = deps;
  }

  /** The longest waiting first; a comment goes by its own id. */
  held(): HeldItem[] {
    return this.#all()
      .map(({ item }) => item)
      .sort((a, b) => a.heldAt - b.heldAt);
  }

  /** `actor`: the person's door. */
  release(id: string, actor: string): HeldItem {
    return this.#settle(id, 'held_released', actor);
  }

  /** A task is rejected; of a comment nothing else remains visible. */
  discard(id: string, actor: string): HeldItem {
    return this.#settle(id, 'held_discarded', actor);
  }

  #settle(id: string, event: Settlement, actor: string): HeldItem {
    const found = this.#all().find(({ item }) => item.id === id);
    if (!found) throw new AgorError('notFound', `No text of a task waits under "${id}". It may be settled already.`);
    const by = { as: partyIds.person, actor };
    const { task, comment } = found;
    if (comment) this.#settleComment(comment, by, event);
    else this.#settleTask(task, by, event);
    this.#book.tell(task.id, task.teamId);
    this.#book.tellHeld();
    return found.item;
  }

  #settleTask(task: KeptTask, by: By, event: Settlement): void {
    const state = event === 'held_discarded' ? 'rejected' : task.state;
    const next = { ...task, held: heldAfter[event], state };
    this.#deps.file.write(() => {
      this.#book.change(next, by, { note: { event, detail: { kind: 'task' } } });
      if (state === task.state) return;
      const detail = { ...idsOf(task), from: task.state, to: state, version: task.version + 1 };
      this.#book.audit(by, { event: 'task_status_changed', detail });
    });
  }

  #settleComment(comment: CommentRow, by: By, event: Settlement): void {
    this.#deps.file.write(() => {
      this.#book.comments.put({ ...comment, held: heldAfter[event] });
      this.#book.audit(by, { event, detail: { kind: 'comment', taskId: comment.taskId, commentId: comment.id } });
    });
  }

  #all(): Found[] {
    const tasks = this.#book.tasks.held().map((task) => ({ task, item: this.#taskItem(task) }));
    const comments = this.#book.comments.held().flatMap((comment): Found[] => {
      // Of a task that was removed nobody sees the comments any more.
      const task = this.#book.tasks.byId(comment.taskId);
      return task ? [{ task, comment, item: this.#commentItem(comment, task) }] : [];
    });
    return [...tasks, ...comments];
  }

  #taskItem(task: KeptTask): HeldItem {
    const text = task.description === '' ? task.title : `${task.title}\n\n${task.description}`;
    const place = { from: this.#nameOf(task.createdBy), to: `task ${task.number}, ${this.#deps.directory.teamName(task.teamId)}` };
    return { id: task.id, kind: 'task', ...place, text, findings: findingsOf(task), heldAt: task.updatedAt };
  }

  #commentItem(comment: CommentRow, task: KeptTask): HeldItem {
    const place = {
      from: this.#nameOf(comment.author),
      to: `comment on task ${task.number}, ${this.#deps.directory.teamName(task.teamId)}`,
    };
    return { id: comment.id, kind: 'task', ...place, text: comment.text, findings: findingsOf(comment), heldAt: comment.createdAt };
  }

  #nameOf(party: KeptTask['createdBy']): string {
    return this.#deps.directory.party(party).name;
  }
}
