/**
 * A repository of our own that sees the objects of another one: nothing that is written into it gets into the other, and
 * no configuration but ours counts. Files go in and come out as they are, whatever attributes say of line ends or filters.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitPlace, git, longTimeoutMs } from './git.ts';
import { exists } from './repository.ts';

export type Bare = { readonly dir: string; readonly umask: number };

const asTheyAre = '* -text !eol -ident -filter -diff -merge !working-tree-encoding\n';

const settings = {
  'core.autocrlf': 'false',
  'core.safecrlf': 'false',
  'core.fileMode': 'true',
  'core.symlinks': 'true',
  'core.ignoreCase': 'false',
  'core.protectNTFS': 'false',
  'core.protectHFS': 'false',
  'core.compression': '1',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.sparseCheckout': 'false',
  'index.threads': '1',
  'pack.threads': '1',
};

/** `work` has it for itself; it is gone afterwards, whatever happens. */
export async function withBare<T>(parent: string, commonDir: string, umask: number, work: (bare: Bare) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(parent, 'work-'));
  try {
    const format = (await git({ cwd: commonDir, gitDir: commonDir }, ['rev-parse', '--show-object-format'])).trim();
    await git({ cwd: dir }, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '--', dir]);
    await writeFile(join(dir, 'objects/info/alternates'), `${join(commonDir, 'objects')}\n`);
    await mkdir(join(dir, 'info'), { recursive: true });
    await writeFile(join(dir, 'info/attributes'), asTheyAre);
    const shallow = join(commonDir, 'shallow');
    if (await exists(shallow)) await copyFile(shallow, join(dir, 'shallow'));
    return await work({ dir, umask });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** With `files` as what is checked out, under an index of its own. */
export function inBare({ dir, umask }: Bare, files?: string): GitPlace {
  const place = { cwd: dir, gitDir: dir, settings };
  return files === undefined ? place : { ...place, cwd: files, workTree: files, indexFile: join(dir, 'files.index'), umask };
}

/** The tree of all files in the folder as they are, ignored ones too. Throws when one cannot be read. */
export async function treeOfFiles(bare: Bare, folder: string): Promise<string> {
  const place = inBare(bare, folder);
  await git(place, ['add', '--all', '--force', '--', '.'], { timeoutMs: longTimeoutMs });
  return (await git(place, ['write-tree'])).trim();
}

/** Paths that git took for repositories of their own, of which it keeps only a name. */
export async function nestedRepositories(bare: Bare, folder: string): Promise<string[]> {
  const entries = (await git(inBare(bare, folder), ['ls-files', '--stage', '-z'])).split('\0');
  return entries.filter((entry) => entry.startsWith('160000 ')).map((entry) => entry.slice(entry.indexOf('\t') + 1));
}
