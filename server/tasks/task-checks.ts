/** What a change of a task must fit: the version that was seen, the bounds of texts, and a tree of parts. */
import { AgorError, limits } from '../protocol/errors.ts';
import type { KeptTask, TaskRow } from './task-store.ts';

export type Known = { readonly byId: (id: string) => KeptTask | undefined };

/** Throws `conflict` when somebody else was faster; the sentence carries the version to look at. */
export function requireVersion(row: TaskRow, named: number | undefined, { changer, now }: { changer: string; now: number }): void {
  if (named === undefined || named === row.version) return;
  const { number, version, updatedAt } = row;
  throw new AgorError(
    'conflict',
    `Task ${number} was changed meanwhile (by ${changer}, ${clockText(updatedAt, now)}): it is version ${version} now, ` +
      `you named ${named}. Look at it with "bttask show ${number}", then try again.`,
  );
}

function clockText(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === today.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** On one line, whatever it was. */
export function checkedTitle(typed: string): string {
  const title = typed.replace(/\s+/g, ' ').trim();
  if (title === '') throw new AgorError('badRequest', 'The title is empty; a few words are expected.');
  if (title.length <= limits.taskTitleChars) return title;
  throw new AgorError(
    'tooLarge',
    `The title has ${title.length} characters, ${limits.taskTitleChars} are possible. Put the rest into the description.`,
  );
}

export function checkedText(what: 'description' | 'comment', text: string): string {
  if (what === 'comment' && text.trim() === '') throw new AgorError('badRequest', 'The comment is empty; a text is expected.');
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.taskTextBytes) return text;
  throw new AgorError(
    'tooLarge',
    `The ${what} has ${Math.ceil(bytes / 1024)} KiB, ${limits.taskTextBytes / 1024} KiB are possible. Put the text into a file and name the file.`,
  );
}

/** Throws when `parent` is of another team, or is the task itself or a part of it. */
export function requireParent(parent: KeptTask, child: Pick<TaskRow, 'id' | 'number' | 'teamId'>, known: Known): void {
  if (parent.teamId !== child.teamId)
    throw new AgorError('badRequest', `Task ${parent.number} is on the board of another team. A task and its parts share one.`);
  if (parent.id === child.id) throw new AgorError('badRequest', `Task ${child.number} cannot be a part of itself.`);
  const path = pathUp(parent, known);
  const end = path.findIndex(({ id }) => id === child.id);
  if (end === -1) return;
  const numbers = path.slice(0, end + 1).map(({ number }) => number);
  throw new AgorError(
    'badRequest',
    `Task ${child.number} cannot be a part of task ${parent.number}, which is a part of it: ${numbers.join(' → ')}.`,
  );
}

/** The task, what it is a part of, and so on; each once. */
function pathUp(from: KeptTask, { byId }: Known): KeptTask[] {
  const path: KeptTask[] = [];
  for (let row: KeptTask | undefined = from; row && !path.some(({ id }) => id === row?.id); ) {
    path.push(row);
    row = row.parentId === null ? undefined : byId(row.parentId);
  }
  return path;
}
