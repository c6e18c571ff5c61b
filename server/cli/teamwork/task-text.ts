/** Tasks as lines for whoever reads them in a terminal. All texts of a task come from somebody else. */
import type { Result } from '../../protocol/requests.ts';
import type { Task, TaskComment } from '../../protocol/task.ts';
import { oneLine, printable } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import { priorityColours } from './board.ts';

export function taskTable(tasks: readonly Task[], style: Style): string[] {
  const rows = tasks.map(({ number, state, priority, assignee, parent, title }) => {
    const colour = priorityColours[priority];
    return [
      String(number),
      state,
      colour ? style(colour, priority) : priority,
      oneLine(assignee?.name ?? '', 30),
      parent === null ? '' : `#${parent}`,
      oneLine(title),
    ];
  });
  return table(['NO', 'STATE', 'PRIORITY', 'ASSIGNEE', 'PART OF', 'TITLE'], rows);
}

export function taskLine({ number, title, state, priority, assignee, version }: Task): string {
  const whose = assignee ? `, ${oneLine(assignee.name, 40)}` : '';
  return `Task ${number} "${oneLine(title)}": ${state}, ${priority}${whose}, version ${version}.`;
}

export function taskLines({ task, comments, parts }: Result<'task/show'>, now: number, style: Style): string[] {
  const facts = [
    ['state', task.state],
    ['priority', task.priority],
    ['assignee', oneLine(task.assignee?.name ?? 'nobody', 40)],
    ['added', `by ${oneLine(task.createdBy.name, 40)}, ${agoText(task.createdAt, now)}`],
    ['version', `${task.version}, ${agoText(task.updatedAt, now)}`],
    ...(task.parent === null ? [] : [['part of', `task ${task.parent}`]]),
  ];
  const held = task.isHeld ? [style('yellow', 'Held back by the screening until the person releases it.')] : [];
  const findings = task.findings.map(({ meaning, excerpt }) => style('yellow', `Careful: ${oneLine(meaning)} "${oneLine(excerpt, 80)}"`));
  return [
    style('bold', `#${task.number} ${oneLine(task.title)}`),
    ...facts.map(([name = '', value = '']) => `${style('dim', name.padEnd(9))} ${value}`),
    ...held,
    ...findings,
    ...quoted(task.description),
    ...(parts.length === 0 ? [] : ['', style('bold', 'Parts'), ...parts.map((part) => `  ${taskLine(part)}`)]),
    ...comments.flatMap((comment) => ['', ...commentLines(comment, now, style)]),
  ];
}

function commentLines({ author, text, createdAt, isHeld }: TaskComment, now: number, style: Style): string[] {
  const held = isHeld ? ', held back' : '';
  return [style('dim', `${oneLine(author.name, 40)}, ${agoText(createdAt, now)}${held}:`), ...quoted(text)];
}

/** With a mark before each line, so that no text can look like what this command says. */
export function quoted(text: string): string[] {
  if (text === '') return [];
  return printable(text)
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => `| ${line}`.trimEnd());
}
