/** Where tasks stand on the board, and where one comes to stand when it is moved. */
import type { Task, TaskState } from '../../server/protocol/task.ts';

export interface Column {
  readonly state: TaskState;
  /** The highest first. */
  readonly tasks: readonly Task[];
}

/** Above the task `before`, or at the end of the column. */
export interface Place {
  readonly state: TaskState;
  readonly before: string | null;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

export function columnsOf(tasks: Iterable<Task>, states: readonly TaskState[]): Column[] {
  const byState = new Map<TaskState, Task[]>(states.map((state) => [state, []]));
  for (const task of tasks) byState.get(task.state)?.push(task);
  return states.map((state) => ({
    state,
    tasks: (byState.get(state) ?? []).sort((a, b) => a.sortOrder - b.sortOrder || a.number - b.number),
  }));
}

/** A sort order that puts the task there, until the backend says which one it gave. */
export function sortOrderAt(column: Column, { before }: Place, taskId: string): number {
  const others = column.tasks.filter(({ id }) => id !== taskId);
  const index = others.findIndex(({ id }) => id === before);
  const [above, below] = index < 0 ? [others.at(-1), undefined] : [others[index - 1], others[index]];
  if (above && below) return (above.sortOrder + below.sortOrder) / 2;
  if (above) return above.sortOrder + 1;
  return below ? below.sortOrder - 1 : 0;
}

/** One step of a task that is moved by the keyboard; `null` at the edge of the board. */
export function stepFrom(columns: readonly Column[], taskId: string, direction: Direction): Place | null {
  const columnIndex = columns.findIndex(({ tasks }) => tasks.some(({ id }) => id === taskId));
  const column = columns[columnIndex];
  if (!column) return null;
  const index = column.tasks.findIndex(({ id }) => id === taskId);
  if (direction === 'up') {
    const above = column.tasks[index - 1];
    return above ? { state: column.state, before: above.id } : null;
  }
  if (direction === 'down') {
    if (index === column.tasks.length - 1) return null;
    return { state: column.state, before: column.tasks[index + 2]?.id ?? null };
  }
  const next = columns[columnIndex + (direction === 'left' ? -1 : 1)];
  return next ? { state: next.state, before: next.tasks[index]?.id ?? null } : null;
}

/** The card that the keyboard goes to from a card: within the column, or at the same height in the next one that has any. */
export function neighbourOf(columns: readonly Column[], taskId: string, direction: Direction): string | null {
  const columnIndex = columns.findIndex(({ tasks }) => tasks.some(({ id }) => id === taskId));
  const column = columns[columnIndex];
  if (!column) return null;
  const index = column.tasks.findIndex(({ id }) => id === taskId);
  if (direction === 'up' || direction === 'down') return column.tasks[index + (direction === 'up' ? -1 : 1)]?.id ?? null;
  const towards = direction === 'left' ? columns.slice(0, columnIndex).reverse() : columns.slice(columnIndex + 1);
  const next = towards.find(({ tasks }) => tasks.length > 0);
  return next?.tasks[Math.min(index, next.tasks.length - 1)]?.id ?? null;
}

/** The board as it looks while a task is carried to another place. */
export function withTaskAt(columns: readonly Column[], taskId: string, place: Place): Column[] {
  const task = columns.flatMap(({ tasks }) => tasks).find(({ id }) => id === taskId);
  if (!task) return [...columns];
  return columns.map((column) => {
    const others = column.tasks.filter(({ id }) => id !== taskId);
    if (column.state !== place.state) return others.length === column.tasks.length ? column : { ...column, tasks: others };
    const index = others.findIndex(({ id }) => id === place.before);
    const tasks = index < 0 ? [...others, task] : others.toSpliced(index, 0, task);
    return { ...column, tasks };
  });
}

/** Counted from 1. */
export function positionOf(columns: readonly Column[], taskId: string): { state: TaskState; place: number; count: number } | null {
  for (const { state, tasks } of columns) {
    const index = tasks.findIndex(({ id }) => id === taskId);
    if (index >= 0) return { state, place: index + 1, count: tasks.length };
  }
  return null;
}
