/**
 * A worktree in one git bundle: a single commit whose tree holds its files as they are, its index and a manifest, and
 * whose parents are every commit that is nowhere else. Any git can open it: `git fetch <bundle> refs/agor/kept`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { type Bare, inBare, nestedRepositories, treeOfFiles } from './bare.ts';
import { FileModes, readModes } from './file-modes.ts';
import { askGit, git, longTimeoutMs } from './git.ts';
import { onlyHere } from './only-here.ts';
import { branchOf, commitOf, exists } from './repository.ts';
import { placeOf, type WorktreeRecord } from './state.ts';

export const keptRef = 'refs/agor/kept';

export const Manifest = z.object({
  head: z.object({ branch: z.nullable(z.string()), commit: z.string() }),
  /** Branches that were at these commits. */
  branches: z.array(z.tuple([z.string(), z.string()])),
  /** Null when the folder was gone already. */
  modes: z.nullable(FileModes),
});
export type Manifest = z.infer<typeof Manifest>;

export type Written = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The tree of the files; null when there were none left. */
  readonly files: string | null;
  /** Commits that the repository must keep so that the bundle can be opened. */
  readonly needs: readonly string[];
};

export async function writeBundle(bare: Bare, record: WorktreeRecord, path: string): Promise<Written> {
  const hasFolder = await exists(record.path);
  const files = hasFolder ? await filesOf(bare, record.path) : null;
  const manifest = await manifestOf(record, hasFolder);
  const { tips, needs } = await onlyHere(placeOf(record), record, manifest);
  const tree = await treeOf(bare, { files, index: await indexOf(bare, record), manifest });
  const parents = tips.flatMap((tip) => ['-p', tip]);
  const message = { input: `Worktree of ${record.branch}\n`, isIdentified: true };
  const commit = (await git(inBare(bare), ['commit-tree', tree, ...parents], message)).trim();
  await git(inBare(bare), ['update-ref', keptRef, commit]);
  const without = needs.map((need) => `^${need}`);
  const temporary = `${path}.tmp`;
  try {
    await git(inBare(bare), ['bundle', 'create', '--quiet', temporary, keptRef, ...without], { timeoutMs: longTimeoutMs });
    const sha256 = await flushed(temporary);
    await rename(temporary, path);
    return { path, bytes: (await stat(path)).size, sha256, files, needs };
  } finally {
    await rm(temporary, { force: true });
    await rm(`${temporary}.lock`, { force: true });
  }
}

/** Reads the bundle into a repository that has none of its objects yet; git checks each against its name. */
export async function openBundle(
  bare: Bare,
  path: string,
): Promise<{ manifest: Manifest; files: string; index: string; parents: string[] }> {
  await git(inBare(bare), ['bundle', 'verify', '--quiet', path], { timeoutMs: longTimeoutMs });
  const heads = await git(inBare(bare), ['bundle', 'unbundle', path], { timeoutMs: longTimeoutMs });
  const commit = heads
    .split('\n')
    .find((line) => line.endsWith(` ${keptRef}`))
    ?.split(' ')[0];
  if (commit === undefined) throw new AgorError('badRequest', `${path} is a bundle, but not one of a worktree.`);
  const treeAt = async (name: string) => (await git(inBare(bare), ['rev-parse', '--verify', `${commit}:${name}`])).trim();
  const manifest = Manifest.parse(JSON.parse(await git(inBare(bare), ['cat-file', 'blob', `${commit}:manifest.json`])));
  const parents = (await git(inBare(bare), ['rev-parse', `${commit}^@`])).split('\n').filter(Boolean);
  return { manifest, files: await treeAt('files'), index: await treeAt('index'), parents };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function filesOf(bare: Bare, folder: string): Promise<string> {
  const tree = await treeOfFiles(bare, folder);
  const nested = await nestedRepositories(bare, folder);
  if (nested.length === 0) return tree;
  const named = nested.slice(0, 5).join(', ');
  throw new AgorError(
    'conflict',
    `There is a repository of its own in ${named}, which a bundle does not hold. Move it elsewhere, then try again.`,
  );
}

async function manifestOf(record: WorktreeRecord, hasFolder: boolean): Promise<Manifest> {
  const place = placeOf(record);
  const commit = await commitOf(place, 'HEAD');
  if (commit === null) throw new AgorError('conflict', 'Its HEAD names no commit. Check out a branch there, then try again.');
  const head = { branch: await branchOf(place), commit };
  const names = [...new Set([record.branch, ...(head.branch === null ? [] : [head.branch])])];
  const tips = await Promise.all(names.map(async (name) => [name, await commitOf(place, `refs/heads/${name}`)] as const));
  const branches = tips.flatMap(([name, tip]): [string, string][] => (tip === null ? [] : [[name, tip]]));
  return { head, branches, modes: hasFolder ? await readModes(record.path) : null };
}

/** What was staged may differ from the last commit and from the files. */
async function indexOf(bare: Bare, { gitDir }: WorktreeRecord): Promise<string> {
  const copy = join(bare.dir, 'staged.index');
  if (await exists(join(gitDir, 'index'))) await copyFile(join(gitDir, 'index'), copy);
  const { code, stdout } = await askGit({ ...inBare(bare), indexFile: copy }, ['write-tree']);
  if (code === 0) return stdout.trim();
  throw new AgorError('conflict', 'Its index has files that are not merged, or cannot be read. Settle that there, then try again.');
}

type Parts = { readonly files: string | null; readonly index: string; readonly manifest: Manifest };

async function treeOf(bare: Bare, { files, index, manifest }: Parts): Promise<string> {
  const file = join(bare.dir, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  const blob = (await git(inBare(bare), ['hash-object', '-w', '--no-filters', '--', file])).trim();
  const empty = (await git(inBare(bare), ['mktree'])).trim();
  const entries = [`040000 tree ${files ?? empty}\tfiles`, `040000 tree ${index}\tindex`, `100644 blob ${blob}\tmanifest.json`];
  return (await git(inBare(bare), ['mktree'], { input: `${entries.join('\n')}\n` })).trim();
}

/** On the disk when this returns. */
async function flushed(path: string): Promise<string> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return sha256Of(path);
}
