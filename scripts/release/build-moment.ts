/** When a build was made, as it says of itself. A package says when its commit was made, so that it can be made again. */
import { execFileSync } from 'node:child_process';

/** Epoch seconds: as told from outside, else those of the commit. Null where there is no commit, or more than it. */
export function buildEpoch(root: string, environment: NodeJS.ProcessEnv): number | null {
  const told = environment.SOURCE_DATE_EPOCH;
  if (told !== undefined && told !== '') {
    if (/^\d+$/.test(told)) return Number(told);
    throw new Error(`SOURCE_DATE_EPOCH is "${told}"; whole seconds since 1970 are expected.`);
  }
  return isClean(root) ? Number(git(root, 'log', '-1', '--format=%ct')) : null;
}

function isClean(root: string): boolean {
  try {
    return git(root, 'status', '--porcelain') === '';
  } catch {
    // No repository, or no git: then nobody knows what this was made of.
    return false;
  }
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
