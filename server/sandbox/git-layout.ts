/**
 * Where the git data of a project is. A `.git` file names a folder anywhere on the machine, so it is believed only when
 * that folder names the project in turn: otherwise a project could make its agent's fence open what it likes.
 */
import { dirname, join, resolve } from 'node:path';
import type { FileFacts } from './file-facts.ts';

export type GitLayout =
  /** A folder in the project, or that of a submodule, which is the project's alone. */
  | { readonly kind: 'own'; readonly gitDir: string }
  /** A worktree beside others: `commonDir` belongs to all of them. */
  | { readonly kind: 'linked'; readonly gitDir: string; readonly commonDir: string };

/** Null when there is no git here, or none that can be trusted to be the project's. */
export function gitLayout(projectDir: string, files: FileFacts): GitLayout | null {
  const place = join(projectDir, '.git');
  // A link could lead to another project's.
  if (files.realPath(place) !== join(files.realPath(projectDir) ?? projectDir, '.git')) return null;
  if (files.kind(place) === 'folder') return { kind: 'own', gitDir: place };
  const named = /^gitdir: (.+)$/m.exec(files.text(place) ?? '')?.[1];
  const gitDir = named === undefined ? null : files.realPath(resolve(projectDir, named));
  if (gitDir === null) return null;
  return linkedLayout(gitDir, place, files) ?? submoduleLayout(gitDir, projectDir, files);
}

function linkedLayout(gitDir: string, place: string, files: FileFacts): GitLayout | null {
  const commonDir = dirname(dirname(gitDir));
  const isBelowCommon = dirname(gitDir) === join(commonDir, 'worktrees') && leadsTo(gitDir, 'commondir', commonDir, files);
  if (!isBelowCommon || !leadsTo(gitDir, 'gitdir', place, files)) return null;
  return files.kind(join(commonDir, 'objects')) === 'folder' ? { kind: 'linked', gitDir, commonDir } : null;
}

function submoduleLayout(gitDir: string, projectDir: string, files: FileFacts): GitLayout | null {
  const worktree = configValue(files.text(join(gitDir, 'config')) ?? '', 'worktree');
  if (worktree === null || files.realPath(resolve(gitDir, worktree)) !== files.realPath(projectDir)) return null;
  return { kind: 'own', gitDir };
}

/** Whether the file holds nothing but the path of that place. */
function leadsTo(gitDir: string, name: string, place: string, files: FileFacts): boolean {
  const named = (files.text(join(gitDir, name)) ?? '').trim();
  return named !== '' && files.realPath(resolve(gitDir, named)) === files.realPath(place);
}

/** Of the section `core`, where it is the only one of that name that matters here. */
export function configValue(config: string, name: 'worktree' | 'hooksPath'): string | null {
  const found = new RegExp(`^\\s*${name}\\s*=\\s*(.*?)\\s*$`, 'im').exec(config)?.[1];
  return found === undefined || found === '' ? null : found.replaceAll('"', '');
}
