/** Who may do what on a board, decided from facts alone. Each refusal says who may. */
import type { TaskState } from '../protocol/task.ts';
import type { Role } from '../protocol/team.ts';

export type Standing = {
  /** `assistant`: the chat of an editor, which has the rights of an architect and not those of the person. */
  readonly role: Role | 'assistant';
  /** In a team without a manager its project agents run the board themselves, or nobody but the person could. */
  readonly hasManager: boolean;
};

/** What the one who asks has to do with the task. */
export type Tie = { readonly isAssignee: boolean; readonly isCreator: boolean };

export type Deed =
  | { readonly does: 'see' | 'add' | 'edit' | 'comment' | 'remove' }
  | { readonly does: 'assign'; readonly to: 'itself' | 'another' | 'nobody' }
  | { readonly does: 'move'; readonly from: TaskState; readonly to: TaskState };

/** `own`: assigned to or created by the one who asks; for editing, only created by it; for moving, only assigned to it. */
type Rights = {
  readonly sees: 'all' | 'own';
  readonly adds: boolean;
  readonly edits: 'all' | 'own' | 'none';
  readonly moves: 'all' | 'own';
  /** Into and out of `done` and `rejected`. */
  readonly closes: boolean;
  readonly assigns: 'all' | 'itself' | 'none';
  readonly removes: boolean;
};

const leads: Rights = { sees: 'all', adds: true, edits: 'all', moves: 'all', closes: true, assigns: 'all', removes: true };
const plans: Rights = { ...leads, edits: 'own', closes: false, assigns: 'none', removes: false };
const works: Rights = { sees: 'own', adds: false, edits: 'none', moves: 'own', closes: false, assigns: 'none', removes: false };

const rightsByRole: Readonly<Record<Standing['role'], Rights>> = {
  admin: leads,
  manager: leads,
  architect: plans,
  assistant: plans,
  reviewer: { ...works, sees: 'all', moves: 'all', closes: true },
  tester: { ...works, sees: 'all' },
  project: works,
};

const names: Readonly<Record<Standing['role'], string>> = {
  admin: 'The person',
  manager: 'A manager',
  architect: 'An architect',
  assistant: 'The chat of an editor',
  reviewer: 'A reviewer',
  tester: 'A tester',
  project: "A project's agent",
};

/** Null when it may; else the sentence that says who may. */
export function mayDo(standing: Standing, deed: Deed, tie: Tie): string | null {
  const rights = rightsOf(standing);
  const who = names[standing.role];
  const isOwn = tie.isAssignee || tie.isCreator;
  switch (deed.does) {
    case 'see':
    case 'comment':
      return rights.sees === 'all' || isOwn ? null : `${who} sees the tasks that it added or that are assigned to it. ${seers}`;
    case 'add':
      return rights.adds ? null : `${who} may not add tasks. A manager, an architect or the person does that.`;
    case 'edit':
      if (rights.edits === 'all' || (rights.edits === 'own' && tie.isCreator)) return null;
      return `${who} may not edit this task. Whoever planned it, a manager or the person does that; a comment can say what is missing.`;
    case 'remove':
      return rights.removes ? null : `${who} may not delete tasks. A manager or the person does that.`;
    case 'assign':
      return mayAssign(rights, deed.to, tie) ? null : `${who} may not assign this task so. A manager or the person does that.`;
    case 'move':
      return refusalToMove({ rights, who }, deed, tie);
  }
}

const seers = 'Managers, architects, testers, reviewers and the person see all.';

export function seesAll(standing: Standing): boolean {
  return rightsOf(standing).sees === 'all';
}

function rightsOf({ role, hasManager }: Standing): Rights {
  return role === 'project' && !hasManager ? { ...plans, assigns: 'itself' } : rightsByRole[role];
}

function mayAssign({ assigns }: Rights, to: 'itself' | 'another' | 'nobody', { isAssignee }: Tie): boolean {
  if (assigns === 'itself') return to === 'itself' || (to === 'nobody' && isAssignee);
  return assigns === 'all';
}

type Mover = { readonly rights: Rights; readonly who: string };

function refusalToMove({ rights, who }: Mover, { from, to }: { from: TaskState; to: TaskState }, { isAssignee }: Tie): string | null {
  if (rights.moves === 'own' && !isAssignee)
    return `${who} may move only tasks that are assigned to it. The person, a manager, an architect or a reviewer moves others.`;
  const closes = from !== to && (isClosed(from) || isClosed(to));
  if (!closes || rights.closes) return null;
  const hint = isClosed(to) ? ' Move it to "review" when it is ready.' : '';
  return `${who} may not move a task ${isClosed(to) ? `to "${to}"` : `back from "${from}"`}. A reviewer, a manager or the person does that.${hint}`;
}

export function isClosed(state: TaskState): boolean {
  return state === 'done' || state === 'rejected';
}
