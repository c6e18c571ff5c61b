/** Changes of tasks: shown at once, made one after the other, and taken back with a sentence when the backend refuses. */
import type { Task } from '../../server/protocol/task.ts';
import { type Host, RequestFailure, sentenceOf } from '../shared/host.ts';
import type { BoardTasks } from './board-tasks.ts';
import { nameOf, stateLooks } from './looks.ts';
import { t } from './texts.ts';

/** `version`: the one that the change is made on top of. */
export type ChangeRequest = (version: number | undefined) => Promise<Task>;

export interface TaskChangesDeps {
  request: Host['request'];
  tasks: BoardTasks;
}

export class TaskChanges {
  readonly #deps: TaskChangesDeps;
  /** Each names the version that the one before it made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: TaskChangesDeps) {
    this.#deps = deps;
  }

  /** `guess`: the task as it will be. Answers why it was not made, or `null`; never rejects. */
  make(guess: Task, request: ChangeRequest): Promise<string | null> {
    this.#deps.tasks.guess(guess);
    const made = this.#last.then(() => this.#carryOut(guess, request));
    this.#last = made;
    return made;
  }

  async #carryOut(guess: Task, request: ChangeRequest): Promise<string | null> {
    const { tasks } = this.#deps;
    try {
      tasks.settle(guess, await request(tasks.versionOf(guess.id)));
      return null;
    } catch (error) {
      tasks.settle(guess, null);
      return error instanceof RequestFailure && error.code === 'conflict' ? this.#conflict(guess) : sentenceOf(error);
    }
  }

  /** Says how the task is now, which is why the change was not made. */
  async #conflict({ id, number }: Task): Promise<string> {
    try {
      const { task } = await this.#deps.request('task/show', { task: id });
      this.#deps.tasks.put(task);
      return t('conflict', number, t(stateLooks[task.state].word), nameOf(task.assignee));
    } catch {
      // It may be gone: the first refusal is what counts.
      return t('conflictGone', number);
    }
  }
}
