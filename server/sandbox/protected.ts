/**
 * What the host runs or trusts without asking when it lies in a project. An agent that could change it would act outside
 * of its fence as soon as the person opens, commits or starts something.
 */
import { join, resolve } from 'node:path';
import type { SandboxPath } from '../protocol/sandbox.ts';
import type { FileFacts } from './file-facts.ts';
import { configValue, type GitLayout, gitLayout } from './git-layout.ts';

/** Guarded even where they are missing: one that appears has its effect at once. */
export const guardedNames = ['.vscode', '.claude', '.codex', '.mcp.json'];

/** Guarded where they are: a place held free for each of them would clutter the project, so a new one is only told. */
export const guardedWhenThere =
  /^(\.(idea|fleet|zed|cursor|windsurf|kiro|gemini|opencode|devcontainer|husky)|\.devcontainer\.json|opencode\.jsonc?|.+\.code-workspace)$/;

const guardedGitNames = ['hooks', 'config', 'info'];
/** They name other folders, with a configuration of their own; git writes them only when a worktree is added or moved. */
const worktreeNames = ['commondir', 'gitdir', 'config.worktree'];
const maxSubmoduleDepth = 6;
const maxSubmoduleLooks = 5_000;
const maxGitFolders = 200;

const commitWhy = 'git runs it or follows it on the host';
const editorWhy = 'programs on the host run it or trust it';

/** Of a folder that the agent may write; the parts of git that lie outside of it are not among them. */
export function protectedPaths(folder: string, files: FileFacts): SandboxPath[] {
  const layout = gitLayout(folder, files);
  const present = files.names(folder).filter((name) => guardedWhenThere.test(name));
  return [...protectedGit(folder, layout, files), ...[...guardedNames, ...present].map((name) => guarded(join(folder, name), editorWhy))];
}

function protectedGit(folder: string, layout: GitLayout | null, files: FileFacts): SandboxPath[] {
  const gitFile = files.kind(join(folder, '.git')) === 'file' ? [guarded(join(folder, '.git'), commitWhy)] : [];
  if (layout === null) return gitFile;
  const folders = layout.kind === 'own' ? [layout.gitDir, ...submodules(layout.gitDir, files)] : [];
  return [
    ...gitFile,
    ...folders.flatMap((gitDir) => guardedGitNames.map((name) => guarded(join(gitDir, name), commitWhy))),
    ...worktreePlaces(layout, files).map((path) => guarded(path, commitWhy)),
    ...hooksInside(folder, layout, files),
  ];
}

/** Only the files that are there: git takes a folder in their place for damage. */
function worktreePlaces(layout: GitLayout, files: FileFacts): string[] {
  const others = layout.kind === 'own' ? files.names(join(layout.gitDir, 'worktrees')).slice(0, maxGitFolders) : [];
  const folders = [layout.gitDir, ...others.map((name) => join(layout.gitDir, 'worktrees', name))];
  return folders.flatMap((gitDir) => worktreeNames.map((name) => join(gitDir, name))).filter((path) => files.kind(path) === 'file');
}

/** Hooks that the repository keeps among its files and git was told to run. */
function hooksInside(folder: string, layout: GitLayout, files: FileFacts): SandboxPath[] {
  const config = files.text(join(layout.kind === 'own' ? layout.gitDir : layout.commonDir, 'config')) ?? '';
  const named = configValue(config, 'hooksPath');
  const path = named === null ? null : resolve(folder, named);
  return path?.startsWith(join(folder, '/')) && files.kind(path) === 'folder' ? [guarded(path, commitWhy)] : [];
}

/** Their names may hold slashes. Whatever else the agent has put there, the search comes to an end. */
function submodules(gitDir: string, files: FileFacts): string[] {
  const found: string[] = [];
  let looks = 0;
  const look = (folder: string, depth: number) => {
    for (const name of files.names(folder)) {
      const path = join(folder, name);
      looks += 1;
      if (looks > maxSubmoduleLooks || files.kind(path) !== 'folder' || files.realPath(path) !== path) continue;
      const isSubmodule = files.kind(join(path, 'HEAD')) === 'file';
      if (isSubmodule) found.push(path);
      if (depth < maxSubmoduleDepth) look(isSubmodule ? join(path, 'modules') : path, depth + 1);
    }
  };
  look(join(files.realPath(gitDir) ?? gitDir, 'modules'), 1);
  return found.slice(0, maxGitFolders);
}

function guarded(path: string, why: string): SandboxPath {
  return { path, access: 'protected', why };
}
