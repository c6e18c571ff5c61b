/** What the parts of the board may ask for. */
import type { Task } from '../../server/protocol/task.ts';
import type { NewTask } from './board-model.ts';
import type { Place } from './places.ts';

export interface BoardActions {
  move(taskId: string, place: Place): void;
  open(taskId: string): void;
  close(): void;
  /** Shows or hides the form for a new task. */
  startAdding(): void;
  stopAdding(): void;
  /** Answers whether it was added. */
  add(task: NewTask): Promise<boolean>;
  assign(task: Task, to: string | null): void;
  edit(task: Task, changes: Partial<Pick<Task, 'title' | 'description' | 'priority'>>): void;
  comment(task: Task, text: string): Promise<boolean>;
  remove(task: Task): void;
  settleHeld(task: Task, method: 'screening/release' | 'screening/discard'): void;
  /** Says something to those who do not see the board. */
  announce(sentence: string): void;
}
