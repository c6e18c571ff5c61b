/** Worktrees for a terminal. Names, paths and subjects are made printable. */
import { shortId } from '../protocol/ids.ts';
import type { WorktreeReport } from '../protocol/worktree.ts';
import { bytesText } from './metrics-text.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';

type Names = ReadonlyMap<string, string>;

export function worktreeTable(reports: readonly WorktreeReport[], names: Names): string[] {
  if (reports.length === 0) return ['There is no worktree yet. Make one with: agor worktree create <agent>'];
  const rows = reports.map(({ worktree, state, size }) => [
    shortId(worktree.id),
    names.get(worktree.agentId) ?? shortId(worktree.agentId),
    state,
    oneLine(worktree.branch, 60),
    sizeText(size),
    oneLine(worktree.path, 120),
  ]);
  return table(['ID', 'AGENT', 'STATE', 'BRANCH', 'SIZE', 'FOLDER'], rows);
}

export function reportLines({ worktree, state, proof, size }: WorktreeReport, names: Names): string[] {
  return [
    `${names.get(worktree.agentId) ?? shortId(worktree.agentId)}: ${state}. ${proof.reasons.map((reason) => oneLine(reason, 400)).join(' ')}`,
    `Folder: ${oneLine(worktree.path)} (${sizeText(size)})`,
    `Branch: ${oneLine(worktree.branch)}, from ${oneLine(worktree.base ?? 'no branch')} at ${worktree.baseCommit.slice(0, 12)}`,
    ...(worktree.bundle
      ? [`Bundle: ${oneLine(worktree.bundle.path)} (${bytesText(worktree.bundle.bytes)}, sha256 ${worktree.bundle.sha256})`]
      : []),
    ...(worktree.linked.length > 0 ? [`Links: ${worktree.linked.map((path) => oneLine(path)).join(', ')}`] : []),
    ...listed(
      'Only here',
      proof.unpushedCount,
      proof.unpushed.map(({ commit, subject }) => `${commit.slice(0, 12)} ${oneLine(subject, 100)}`),
    ),
    ...listed(
      'In no commit',
      proof.dirtyCount,
      proof.dirty.map((path) => oneLine(path, 120)),
    ),
  ];
}

function listed(title: string, count: number, lines: readonly string[]): string[] {
  if (count === 0) return [];
  const more = count > lines.length ? [`  and ${count - lines.length} more`] : [];
  return [`${title}:`, ...lines.map((line) => `  ${line}`), ...more];
}

function sizeText({ bytes, isWhole }: WorktreeReport['size']): string {
  return isWhole ? bytesText(bytes) : `at least ${bytesText(bytes)}`;
}
