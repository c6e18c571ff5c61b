/** Tasks as they are shown. What is held back is shown to the person only: agents and the chat of an editor follow texts. */
import * as z from 'zod/mini';
import type { PartyId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import { Finding } from '../protocol/screening.ts';
import type { Task, TaskComment } from '../protocol/task.ts';
import type { Directory } from './surroundings.ts';
import type { CommentRow, Held, KeptTask } from './task-store.ts';

export type Reader = { readonly directory: Pick<Directory, 'party'>; readonly as: PartyId };

export function shownTask(row: KeptTask, { directory, as }: Reader): Task {
  const { id, number, teamId, state, priority, sortOrder, version, parent, comments, createdAt, updatedAt } = row;
  const instead = as === partyIds.person ? undefined : insteadOf(row.held);
  return {
    ...{ id, number, teamId, state, priority, sortOrder, version, parent, comments, createdAt, updatedAt },
    title: instead ?? row.title,
    description: instead === undefined ? row.description : '',
    assignee: row.assignee === null ? null : directory.party(row.assignee),
    createdBy: directory.party(row.createdBy),
    isHeld: row.held === 1,
    // Their excerpts are pieces of the text.
    findings: instead === undefined ? findingsOf(row) : [],
  };
}

export function shownComment({ id, author, text, held, createdAt }: CommentRow, { directory, as }: Reader): TaskComment {
  const instead = as === partyIds.person ? undefined : insteadOf(held);
  return { id, author: directory.party(author), text: instead ?? text, isHeld: held === 1, createdAt };
}

/** For notes about a task: its title only where everybody may read it. */
export function nameOf({ number, title, held }: Pick<KeptTask, 'number' | 'title' | 'held'>): string {
  return held === 0 ? `Task ${number} "${title}"` : `Task ${number}`;
}

/** None where the disk gave them back damaged. */
export function findingsOf({ findings }: { readonly findings: string }): Finding[] {
  try {
    return z.parse(z.array(Finding), JSON.parse(findings));
  } catch {
    return [];
  }
}

const texts: Readonly<Record<Held, string | undefined>> = {
  0: undefined,
  1: '(held back: the person must release it)',
  2: '(discarded by the person)',
};

function insteadOf(held: Held): string | undefined {
  return texts[held];
}
