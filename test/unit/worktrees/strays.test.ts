/** Rows without folders and folders without rows, over the real git, and how such a row is closed. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { auditEvents } from '../../support/test-stores.ts';
import { WorktreesWorld } from '../../support/worktrees-world.ts';

const agent = 'Coder One';

async function world(t: TestContext) {
  const made = new WorktreesWorld();
  t.after(() => made.remove());
  made.agent(agent);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'work.txt', 'work\n');
  made.gitIn(path, 'add', '.');
  made.gitIn(path, 'commit', '--quiet', '-m', 'work');
  const strays = () => made.worktrees.strays(new Map([[made.projectId, made.top]]));
  const state = async () => (await strays()).gone.map((gone) => gone.state);
  return { made, path, strays, state };
}

test('a worktree whose folder is there is no stray, and neither is one that was removed', async (t) => {
  const { made, strays } = await world(t);
  assert.deepEqual(await strays(), { gone: [], folders: [] });
  await made.worktrees.remove(agent, 'cli');
  assert.deepEqual(await strays(), { gone: [], folders: [] });
});

test('what git still has of a gone folder goes into a bundle, and comes back out of it', async (t) => {
  const { made, path, state } = await world(t);
  rmSync(path, { recursive: true });
  assert.deepEqual(await state(), ['kept']);
  const removed = await made.worktrees.remove(agent, 'cli');
  assert.ok(removed.bundle);
  assert.deepEqual(await state(), []);
  await made.worktrees.restore(agent, 'cli');
  assert.equal(readFileSync(join(path, 'work.txt'), 'utf8'), 'work\n');
});

test('one that git has forgotten is closed without a bundle, and its branch stays as it is', async (t) => {
  const { made, path, state } = await world(t);
  rmSync(path, { recursive: true });
  made.git('worktree', 'prune');
  const tip = made.git('rev-parse', 'agor/coder-one');
  assert.deepEqual(await state(), ['branchOnly']);
  const removed = await made.worktrees.remove(agent, 'cli');
  assert.equal(removed.bundle, null);
  assert.equal(made.git('rev-parse', 'agor/coder-one'), tip);
  assert.deepEqual(await state(), []);
  assert.match((await made.worktrees.show(agent)).proof.reasons.join(), /was committed is on agor\/coder-one/);
  await assert.rejects(made.worktrees.restore(agent, 'cli'), /has no bundle/);
  assert.deepEqual(auditEvents(made.kept.stores), ['worktree_created', 'worktree_removed']);
  // The agent may have another one now.
  await made.worktrees.create({ agent }, 'cli');
});

test('where the branch is gone too, that is said', async (t) => {
  const { made, path, state } = await world(t);
  rmSync(path, { recursive: true });
  made.git('worktree', 'prune');
  made.git('branch', '--quiet', '-D', 'agor/coder-one');
  assert.deepEqual(await state(), ['lost']);
});

test('one that was moved or locked may come back, and is not removed behind that', async (t) => {
  const { made, path, strays } = await world(t);
  const elsewhere = join(made.kept.dir, 'elsewhere');
  made.git('worktree', 'move', path, elsewhere);
  assert.deepEqual(
    (await strays()).gone.map((gone) => [gone.state, gone.elsewhere]),
    [['moved', elsewhere]],
  );
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /It was moved to .*elsewhere\. Move it back/);
  made.git('worktree', 'move', elsewhere, path);
  made.git('worktree', 'lock', path);
  const away = join(made.kept.dir, 'away');
  renameSync(path, away);
  assert.deepEqual(
    (await strays()).gone.map((gone) => gone.state),
    ['locked'],
  );
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /It is locked/);
  renameSync(away, path);
});

test('while the project is away, nothing is said to be lost', async (t) => {
  const { made, path, state } = await world(t);
  rmSync(path, { recursive: true });
  const away = `${made.top}-away`;
  renameSync(made.top, away);
  assert.deepEqual(await state(), ['noProject']);
  renameSync(away, made.top);
});

test("folders without a row are told; a person's own worktree there is not", async (t) => {
  const { made, strays } = await world(t);
  const root = `${made.top}.worktrees`;
  made.git('worktree', 'add', '--quiet', '-b', 'agor/left', join(root, 'left'));
  made.git('worktree', 'add', '--quiet', '-b', 'mine', join(root, 'mine'));
  mkdirSync(join(root, 'plain'));
  mkdirSync(join(root, '.coder-one.unfinished-1'));
  const { folders } = await strays();
  assert.deepEqual(
    folders.toSorted((a, b) => a.path.localeCompare(b.path)),
    [
      { path: join(root, 'left'), branch: 'agor/left' },
      { path: join(root, 'plain'), branch: null },
    ],
  );
  assert.ok(existsSync(join(root, 'left')));
});
