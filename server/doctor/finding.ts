/** How findings are made, and what can be done about one without asking: a closed list of small deeds. */
import type { Finding, FindingArea, FindingLevel } from '../protocol/doctor.ts';

export type Fix =
  | { readonly do: 'setMode'; readonly path: string; readonly mode: number }
  /** Only of what can be made anew, or is known to be half of a copy. */
  | { readonly do: 'remove'; readonly path: string }
  /** Into the quarantine: nothing that could be of record is deleted. */
  | { readonly do: 'setAside'; readonly path: string }
  /** By the worktrees themselves, which keep what git still has of it. */
  | { readonly do: 'closeWorktree'; readonly id: string; readonly path: string };

export type Diagnosis = Omit<Finding, 'isFixable'> & { readonly fixes: readonly Fix[] };

type Rest = { readonly why?: string; readonly todo?: Finding['todo']; readonly fixes?: readonly Fix[] };

/** `id` is `<area>.<check>`. */
export function diagnosis(id: `${FindingArea}.${string}`, level: FindingLevel, what: string, rest: Rest = {}): Diagnosis {
  const { why = null, todo = [], fixes = [] } = rest;
  // The type of `id` says that what stands before its dot is an area.
  const area = id.slice(0, id.indexOf('.')) as FindingArea;
  return { id, area, level, what, why, todo: fixes.length > 0 ? [...todo, { run: 'agor doctor --fix' }] : todo, fixes };
}

export function asFinding({ fixes, ...finding }: Diagnosis): Finding {
  return { ...finding, isFixable: fixes.length > 0 };
}

const shownNames = 4;

/** The first few, and how many more. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).join(', ');
  return names.length > shownNames ? `${shown} and ${names.length - shownNames} more` : shown;
}
