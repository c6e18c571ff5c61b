/** Untracked paths of the project's folder that are in a worktree as links: an agent reads there and must not write. */
import { lstat, mkdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import { git } from './git.ts';
import { exists } from './repository.ts';

/** What programs install beside a project's own files. */
const dependencyFolders = ['node_modules', '.venv', 'venv', 'vendor'];

/** Those of the usual folders that are there and not tracked. */
export async function dependencyLinks(top: string): Promise<string[]> {
  const found = await Promise.all(
    dependencyFolders.map(async (name) => ((await exists(join(top, name))) && !(await isTracked(top, name)) ? [name] : [])),
  );
  return found.flat();
}

/** Throws for what is not there, is tracked, or lies outside of the project. Returns each path once, in its plain form. */
export async function checkedLinks(top: string, wished: readonly string[]): Promise<string[]> {
  const paths = [...new Set(wished.map((path) => normalize(path).replace(/\/+$/, '')))];
  for (const path of paths) {
    if (isAbsolute(path) || path === '.' || path.split(sep)[0] === '..' || path.split(sep).includes('.git')) throw outside(path);
    const real = await realpath(join(top, path)).catch(() => undefined);
    if (real === undefined) throw new AgorError('notFound', `${path} is not there in the project's folder, so it cannot be linked.`);
    if (!real.startsWith(`${await realpath(top)}${sep}`)) throw outside(path);
    if (await isTracked(top, path)) {
      throw new AgorError('badRequest', `${path} is tracked by git, so the worktree has its own. Only untracked paths are linked.`);
    }
  }
  return paths;
}

export async function makeLinks(top: string, folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(join(top, path), join(folder, path));
  }
}

/** Still the link that was made, so that it is nobody's work. */
export async function isOwnLink(top: string, folder: string, path: string): Promise<boolean> {
  const place = join(folder, path);
  const found = await lstat(place).catch(() => undefined);
  return found?.isSymbolicLink() === true && (await readlink(place).catch(() => '')) === join(top, path);
}

async function isTracked(top: string, path: string): Promise<boolean> {
  return (await git({ cwd: top }, ['ls-files', '-z', '--', path])) !== '';
}

function outside(path: string): AgorError {
  return new AgorError('badRequest', `${path} does not lie in the project's folder, or is git's own. Name a path below the folder.`);
}
