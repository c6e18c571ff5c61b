/** Brings a removed worktree back out of its bundle, byte for byte, and proves it. What is there already is never replaced. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import { type Bare, inBare, treeOfFiles, withBare } from './bare.ts';
import { openBundle, sha256Of } from './bundle.ts';
import { forgetFolder, markOf, putMark, setUnfinishedAside } from './cut-off.ts';
import { applyModes } from './file-modes.ts';
import { type GitPlace, git, longTimeoutMs, withoutPrograms } from './git.ts';
import { lostRefs } from './only-here.ts';
import { commitOf, exists } from './repository.ts';
import type { WorktreeRecord } from './state.ts';

export type BringBack = {
  readonly record: WorktreeRecord;
  readonly bundle: { readonly path: string; readonly sha256: string };
  readonly dir: string;
  readonly commonDir: string;
  readonly umask: number;
};

type Opened = Awaited<ReturnType<typeof openBundle>>;
export type BroughtBack = { readonly branch: string; readonly gitDir: string };

/** The caller takes the mark away once it has kept that the folder is back. */
export async function bringBack({ record, bundle, dir, commonDir, umask }: BringBack): Promise<BroughtBack> {
  const mark = markOf(dir, record.id);
  const isHalf = await exists(mark);
  if (!isHalf && (await exists(record.path))) {
    throw new AgorError('conflict', `${record.path} is there already. Move it away, then restore the worktree.`);
  }
  if (!(await exists(bundle.path))) throw new AgorError('notFound', `The bundle ${bundle.path} is not there any more.`);
  if ((await sha256Of(bundle.path)) !== bundle.sha256) {
    throw new AgorError('storage', `The bundle ${bundle.path} is not what was written. Bring back a good copy of it.`);
  }
  const repository = { cwd: commonDir, gitDir: commonDir, umask };
  await putMark(mark);
  if (isHalf && (await exists(record.path))) await setUnfinishedAside(record.path, record.id);
  await forgetFolder(repository, record.path);
  return withBare(dir, commonDir, umask, async (bare) => {
    const opened = await openBundle(bare, bundle.path);
    await copyCommits(bare, commonDir, opened);
    await keepLost(repository, record.id, opened);
    const branches = await bringBranches(repository, opened);
    const head = opened.manifest.head;
    const start =
      head.branch === null ? ['--detach', '--', record.path, head.commit] : ['--', record.path, branches.get(head.branch) ?? ''];
    await git(repository, ['worktree', 'add', '--no-checkout', ...start]);
    try {
      const gitDir = await fill(bare, record.path, opened);
      return { branch: branches.get(record.branch) ?? record.branch, gitDir };
    } catch (error) {
      // All of it is in the bundle still.
      await rm(record.path, { recursive: true, force: true });
      await git(repository, ['worktree', 'remove', '--', record.path]);
      await rm(mark, { force: true });
      throw error;
    }
  });
}

async function fill(bare: Bare, path: string, { manifest, files, index }: Opened): Promise<string> {
  const gitDir = (await git({ cwd: path }, ['rev-parse', '--absolute-git-dir'])).trim();
  const place = await withoutPrograms({ cwd: gitDir, gitDir, workTree: path });
  await git(place, ['read-tree', index]);
  if (manifest.modes === null) {
    await git({ ...place, cwd: path, umask: bare.umask }, ['checkout-index', '--all'], { timeoutMs: longTimeoutMs });
    return gitDir;
  }
  const inside = inBare(bare, path);
  await git(inside, ['read-tree', files]);
  await git(inside, ['checkout-index', '--all'], { timeoutMs: longTimeoutMs });
  await applyModes(path, manifest.modes);
  if ((await treeOfFiles(bare, path)) === files) return gitDir;
  throw new AgorError('storage', `What was written to ${path} is not what the bundle holds, so it was taken back. Check the disk.`);
}

/** As one pack, straight into the repository; the files that were in no commit stay outside of it. */
async function copyCommits(bare: Bare, commonDir: string, { parents, index }: Opened): Promise<void> {
  const input = `${[...parents, index].join('\n')}\n`;
  const args = ['pack-objects', '--quiet', '--revs', '--local', join(commonDir, 'objects/pack/pack')];
  await git(inBare(bare), args, { input, timeoutMs: longTimeoutMs });
}

/** What no branch leads to any more: without a name it would be cleared away some day. */
async function keepLost(repository: GitPlace, id: string, { parents, manifest }: Opened): Promise<void> {
  const named = [manifest.head.commit, ...manifest.branches.map(([, tip]) => tip)];
  const lost = parents.filter((parent) => !named.includes(parent));
  const lines = lost.map((commit, at) => `update ${lostRefs(id)}/${at} ${commit}\n`);
  if (lines.length > 0) await git(repository, ['update-ref', '--stdin'], { input: lines.join('') });
}

/** Under another name where one of them has moved on since. By the name that each had. */
async function bringBranches(repository: GitPlace, { manifest }: Opened): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [name, tip] of manifest.branches) {
    const now = await commitOf(repository, `refs/heads/${name}`);
    const free = now === null || now === tip ? name : await freeName(repository, name);
    if (now !== tip) await git(repository, ['update-ref', `refs/heads/${free}`, tip, '']);
    names.set(name, free);
  }
  return names;
}

async function freeName(repository: GitPlace, name: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? `${name}-restored` : `${name}-restored-${count}`;
    if ((await commitOf(repository, `refs/heads/${free}`)) === null) return free;
  }
}
