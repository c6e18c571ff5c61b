/** The tasks of one board: what the backend said last of each, and what a change will make of it once it is acknowledged. */
import type { Task } from '../../server/protocol/task.ts';

export class BoardTasks {
  readonly #known = new Map<string, Task>();
  readonly #guesses = new Map<string, Task>();
  /** What happened while a list was on its way; `null` when none is. */
  #early: (() => void)[] | null = null;

  all(): Task[] {
    return [...this.#known.values()].map((task) => this.#guesses.get(task.id) ?? task);
  }

  find(taskId: string | null): Task | null {
    if (taskId === null || !this.#known.has(taskId)) return null;
    return this.#guesses.get(taskId) ?? this.#known.get(taskId) ?? null;
  }

  /** Of the last state that the backend told: what a change has to name. */
  versionOf(taskId: string): number | undefined {
    return this.#known.get(taskId)?.version;
  }

  /** A list replaces everything, but for what was told after it was asked for. */
  async load(read: () => Promise<readonly Task[]>): Promise<void> {
    const early: (() => void)[] = [];
    this.#early = early;
    const tasks = await read();
    if (this.#early !== early) return;
    this.#early = null;
    this.#known.clear();
    for (const task of tasks) this.#known.set(task.id, task);
    for (const repeat of early) repeat();
  }

  /** An older version than the known one is old news. */
  put(task: Task): void {
    this.#early?.push(() => this.put(task));
    if ((this.#known.get(task.id)?.version ?? -1) <= task.version) this.#known.set(task.id, task);
  }

  remove(taskId: string): void {
    this.#early?.push(() => this.remove(taskId));
    this.#known.delete(taskId);
    this.#guesses.delete(taskId);
  }

  guess(task: Task): void {
    this.#guesses.set(task.id, task);
  }

  /** The change was made as `answer`, or was refused; a later guess about the task stays. */
  settle(guess: Task, answer: Task | null): void {
    if (answer) this.put(answer);
    if (this.#guesses.get(guess.id) === guess) this.#guesses.delete(guess.id);
  }

  clear(): void {
    this.#early = null;
    this.#known.clear();
    this.#guesses.clear();
  }
}
