/** From the text of `groups.json` to what it declares, or to what is wrong with it, each fault with its line. */
import { type DeclaredGroup, declaredGroups, type Ground } from './declared-groups.ts';
import { groupFaults } from './group-checks.ts';
import { type GroupText, mostProblems, parseGroups, problemAt } from './group-text.ts';

/** `groups` is null when there is an error: then nothing of the file counts. */
export type ReadGroups = GroupText & { readonly groups: readonly DeclaredGroup[] | null };

export function readGroups(text: string, ground: Ground): ReadGroups {
  const parsed = parseGroups(text);
  if (!parsed.file) return { ...parsed, groups: null };
  const groups = declaredGroups(parsed.file, ground);
  const faults = groupFaults(parsed.file, groups)
    .slice(0, mostProblems)
    .map(({ path, message, severity }) => problemAt(parsed, path, message, severity));
  const problems = [...parsed.problems, ...faults];
  const isUsable = problems.every(({ severity }) => severity !== 'error');
  return { ...parsed, problems, groups: isUsable ? groups : null };
}
