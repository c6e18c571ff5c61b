/** The task whose details are shown, with its comments. */
import type { Task, TaskComment } from '../../server/protocol/task.ts';
import { type Host, sentenceOf } from '../shared/host.ts';

export interface OpenTaskDeps {
  request: Host['request'];
  /** The task as it came with its comments. */
  onTask: (task: Task) => void;
  onChange: () => void;
}

export class OpenTask {
  readonly #deps: OpenTaskDeps;
  #id: string | null = null;
  #comments: readonly TaskComment[] | null = null;
  #failure: string | null = null;

  constructor(deps: OpenTaskDeps) {
    this.#deps = deps;
  }

  get id(): string | null {
    return this.#id;
  }
  /** `null` while they are loaded. */
  get comments(): readonly TaskComment[] | null {
    return this.#comments;
  }
  get failure(): string | null {
    return this.#failure;
  }

  show(taskId: string | null): void {
    this.#id = taskId;
    this.#comments = null;
    this.#failure = null;
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const taskId = this.#id;
    if (taskId === null) return;
    try {
      const { task, comments } = await this.#deps.request('task/show', { task: taskId });
      if (taskId !== this.#id) return;
      this.#deps.onTask(task);
      this.#comments = comments;
      this.#failure = null;
    } catch (error) {
      if (taskId !== this.#id) return;
      this.#failure = sentenceOf(error);
    }
    this.#deps.onChange();
  }

  add(taskId: string, comment: TaskComment): void {
    const known = this.#comments ?? [];
    if (taskId === this.#id && !known.some(({ id }) => id === comment.id)) this.#comments = [...known, comment];
  }
}
