/** What changed in a worktree since it parted from its base, with what is in no commit. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangedFile } from '../protocol/worktree.ts';
import { askGit, type GitPlace, git, longTimeoutMs, withoutPrograms } from './git.ts';
import { isOwnLink } from './links.ts';
import { commitOf } from './repository.ts';
import { placeOf, type WorktreeRecord } from './state.ts';

export type Changes = { readonly from: string; readonly files: ChangedFile[]; readonly patch: string | null; readonly isWhole: boolean };

const mostFiles = 2_000;
const mostPatchChars = 1024 * 1024;
const mostOriginalBytes = 5 * 1024 * 1024;
const quietly = ['--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=dirty'];

/** Where it parted from its base: the commit that both have last in common. */
export async function partingOf(record: WorktreeRecord): Promise<string> {
  const place = placeOf(record);
  const base = record.base === null ? null : await commitOf(place, `refs/heads/${record.base}`);
  const { code, stdout } = await askGit(place, ['merge-base', base ?? record.baseCommit, 'HEAD']);
  return code === 0 ? stdout.trim() : record.baseCommit;
}

export async function changesOf(record: WorktreeRecord, withPatch: boolean): Promise<Changes> {
  const place = await withoutPrograms(placeOf(record));
  const from = await partingOf(record);
  const tracked = await trackedChanges(place, from);
  const untracked = await untrackedFiles(record, place);
  const files = [...tracked, ...(await Promise.all(untracked.slice(0, mostFiles).map((path) => addedFile(record, path))))];
  const patch = withPatch ? await patchOf(place, from, untracked) : null;
  return {
    from,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, mostFiles),
    patch: patch === null ? null : patch.slice(0, mostPatchChars),
    isWhole: files.length <= mostFiles && (patch?.length ?? 0) <= mostPatchChars,
  };
}

/** The paths alone, for comparing several. */
export async function touchedPaths(record: WorktreeRecord): Promise<string[]> {
  const place = await withoutPrograms(placeOf(record));
  const tracked = await git(place, ['diff', '--name-only', '-z', ...quietly, await partingOf(record), '--']);
  return [...tracked.split('\0').filter(Boolean), ...(await untrackedFiles(record, place))];
}

/** Null when it was not there then, or is no text of a few megabytes. */
export async function originalOf(record: WorktreeRecord, path: string): Promise<string | null> {
  const place = placeOf(record);
  const object = `${await partingOf(record)}:${path}`;
  const size = await askGit(place, ['cat-file', '-s', object]);
  if (size.code !== 0 || Number(size.stdout) > mostOriginalBytes) return null;
  const { code, stdout } = await askGit(place, ['cat-file', 'blob', object]);
  return code !== 0 || stdout.includes('\0') ? null : stdout;
}

async function trackedChanges(place: GitPlace, from: string): Promise<ChangedFile[]> {
  const [names, numbers] = await Promise.all([
    git(place, ['diff', '--name-status', '-z', ...quietly, from, '--'], { timeoutMs: longTimeoutMs }),
    git(place, ['diff', '--numstat', '-z', ...quietly, from, '--'], { timeoutMs: longTimeoutMs }),
  ]);
  const counts = new Map(
    numbers
      .split('\0')
      .filter(Boolean)
      .map((line) => countOf(line)),
  );
  const fields = names.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const path = fields[at + 1] ?? '';
    files.push({ path, status: statusOf(fields[at] ?? ''), ...(counts.get(path) ?? { added: null, removed: null }) });
  }
  return files;
}

function countOf(line: string): [string, Pick<ChangedFile, 'added' | 'removed'>] {
  const [added = '-', removed = '-', ...path] = line.split('\t');
  const number = (text: string) => (text === '-' ? null : Number(text));
  return [path.join('\t'), { added: number(added), removed: number(removed) }];
}

function statusOf(letter: string): ChangedFile['status'] {
  if (letter.startsWith('A')) return 'added';
  return letter.startsWith('D') ? 'deleted' : 'changed';
}

async function untrackedFiles(record: WorktreeRecord, place: GitPlace): Promise<string[]> {
  const found = await git({ ...place, cwd: record.path }, ['ls-files', '--others', '--exclude-standard', '-z']);
  const paths = found.split('\0').filter(Boolean);
  const own = await Promise.all(record.linked.map(async (path) => ((await isOwnLink(record.top, record.path, path)) ? [path] : [])));
  return paths.filter((path) => !own.flat().includes(path));
}

async function addedFile({ path: folder }: WorktreeRecord, path: string): Promise<ChangedFile> {
  const size = await stat(join(folder, path)).catch(() => undefined);
  if (!size?.isFile() || size.size > mostOriginalBytes) return { path, status: 'added', added: null, removed: null };
  const text = await readFile(join(folder, path), 'utf8').catch(() => '\0');
  const lines = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
  return { path, status: 'added', added: text.includes('\0') ? null : lines, removed: text.includes('\0') ? null : 0 };
}

async function patchOf(place: GitPlace, from: string, untracked: readonly string[]): Promise<string> {
  const tracked = await git(place, ['diff', '--no-color', ...quietly, from, '--'], { timeoutMs: longTimeoutMs });
  const added: string[] = [];
  for (const path of untracked.slice(0, 200)) {
    const { stdout } = await askGit({ ...place, cwd: place.workTree ?? place.cwd }, [
      'diff',
      '--no-color',
      '--no-index',
      ...quietly.slice(0, 3),
      '--',
      '/dev/null',
      path,
    ]);
    added.push(stdout);
  }
  return tracked + added.join('');
}
