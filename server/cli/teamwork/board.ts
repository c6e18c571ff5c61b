/** A board as text: its columns side by side where the terminal is wide enough, below each other elsewhere. */
import type { Task, TaskPriority, TaskState } from '../../protocol/task.ts';
import { oneLine } from '../printable.ts';
import type { Colour, Style } from '../style.ts';
import { displayWidth, pad } from '../table.ts';

export type BoardLook = {
  /** Undefined: no terminal. */
  readonly columns: number | undefined;
  readonly style: Style;
};

const shownStates: readonly TaskState[] = ['todo', 'progress', 'review', 'blocked', 'done'];
const gap = '  ';
const smallestColumn = 16;
const titleLines = 3;
/** Of a column; those that are closed grow for ever. */
const mostCards = 12;

export const priorityColours: Readonly<Record<TaskPriority, Colour | undefined>> = {
  critical: 'red',
  high: 'yellow',
  medium: undefined,
  low: 'dim',
};

/** In the order of the tasks; what is rejected has a column only when there is any. */
export function boardLines(tasks: readonly Task[], look: BoardLook): string[] {
  const states = tasks.some(({ state }) => state === 'rejected') ? [...shownStates, 'rejected' as const] : shownStates;
  const width = Math.floor(((look.columns ?? 0) - gap.length * (states.length - 1)) / states.length);
  const byState = states.map((state) => ({ state, tasks: tasks.filter((task) => task.state === state) }));
  return width >= smallestColumn ? sideBySide(byState, width, look.style) : stacked(byState, look);
}

type Column = { readonly state: TaskState; readonly tasks: readonly Task[] };

function sideBySide(columns: readonly Column[], width: number, style: Style): string[] {
  const blocks = columns.map((column) => [
    style('bold', cut(headingOf(column), width)),
    style('dim', '─'.repeat(width)),
    ...column.tasks.slice(0, mostCards).flatMap((task, index) => [...(index === 0 ? [] : ['']), ...cardLines(task, width, style)]),
    ...(column.tasks.length > mostCards ? ['', ...wrapped(moreText(column), width).map((line) => style('dim', line))] : []),
  ]);
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((block) => pad(block[row] ?? '', width))
      .join(gap)
      .trimEnd(),
  );
}

function cardLines(task: Task, width: number, style: Style): string[] {
  const colour = priorityColours[task.priority];
  const title = wrapped(`#${task.number} ${oneLine(task.title)}`, width).map((line) => (colour ? style(colour, line) : line));
  return [...title, ...wrapped(factsOf(task).join(', '), width).map((line) => style('dim', line))];
}

function stacked(columns: readonly Column[], { columns: terminal, style }: BoardLook): string[] {
  const filled = columns.filter(({ tasks }) => tasks.length > 0);
  const lineOf = (task: Task) => {
    const facts = factsOf(task).join(', ');
    const text = `  #${task.number} ${oneLine(task.title)}${facts === '' ? '' : ` (${facts})`}`;
    const line = terminal === undefined ? text : cut(text, terminal);
    const colour = priorityColours[task.priority];
    return colour ? style(colour, line) : line;
  };
  return filled.flatMap((column, index) => [
    ...(index === 0 ? [] : ['']),
    style('bold', headingOf(column)),
    ...column.tasks.slice(0, mostCards).map(lineOf),
    ...(column.tasks.length > mostCards ? [style('dim', `  ${moreText(column)}`)] : []),
  ]);
}

function headingOf({ state, tasks }: Column): string {
  return `${state.toUpperCase()} (${tasks.length})`;
}

function moreText({ state, tasks }: Column): string {
  return `and ${tasks.length - mostCards} more: bttask list --state ${state}`;
}

/** What is not usual about it. */
function factsOf({ assignee, priority, comments, parent, isHeld }: Task): string[] {
  return [
    ...(priority === 'medium' ? [] : [priority]),
    ...(assignee ? [oneLine(assignee.name, 40)] : []),
    ...(parent === null ? [] : [`of #${parent}`]),
    ...(comments === 0 ? [] : [comments === 1 ? '1 comment' : `${comments} comments`]),
    ...(isHeld ? ['held back'] : []),
  ];
}

/** Broken at blanks where that is possible, and ended by "…" when it is longer than a card. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && lines.length < titleLines - 1 && displayWidth(rest) > width) {
    const fits = fitting(rest, width);
    const blank = rest[fits.length] === ' ' ? fits.length : fits.lastIndexOf(' ');
    // A short word alone on its line would waste it.
    const line = blank > fits.length / 3 ? rest.slice(0, blank) : fits;
    lines.push(line);
    rest = rest.slice(line.length).trimStart();
  }
  return rest === '' ? lines : [...lines, cut(rest, width)];
}

export function cut(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${fitting(text, width - 1)}…`;
}

/** The longest beginning that is no wider; at least one character, so that it always goes on. */
function fitting(text: string, width: number): string {
  let [fits, used] = ['', 0];
  for (const char of text) {
    used += displayWidth(char);
    if (used > width && fits !== '') break;
    fits += char;
  }
  return fits;
}
