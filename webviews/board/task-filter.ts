/** Which tasks a person wants to see. */
import type { Task, TaskPriority } from '../../server/protocol/task.ts';

export interface Filter {
  readonly text: string;
  /** Id of a party; `''` for what is nobody's. */
  readonly assignee: string | null;
  readonly priority: TaskPriority | null;
}

export const noFilter: Filter = { text: '', assignee: null, priority: null };

export function isFiltering({ text, assignee, priority }: Filter): boolean {
  return text.trim() !== '' || assignee !== null || priority !== null;
}

/** Each word must be somewhere in the task: its number, title, text or assignee. */
export function fits(task: Task, { text, assignee, priority }: Filter): boolean {
  if (assignee !== null && (task.assignee?.id ?? '') !== assignee) return false;
  if (priority !== null && task.priority !== priority) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const haystack = `#${task.number} ${task.title} ${task.description} ${task.assignee?.name ?? ''}`.toLowerCase();
  return words.every((word) => haystack.includes(word));
}
