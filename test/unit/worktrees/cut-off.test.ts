/** What a backend that was killed in the middle of its work on a worktree left, over the real git. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { contentOf, WorktreesWorld } from '../../support/worktrees-world.ts';

function world(t: TestContext): WorktreesWorld {
  const made = new WorktreesWorld();
  t.after(() => made.remove());
  made.agent('Coder One');
  return made;
}

const agent = 'Coder One';

test('what was moved aside when a backend was killed is put back, or goes when it is in its bundle', async (t) => {
  const made = world(t);
  const { path, id } = await made.worktrees.create({ agent }, 'cli');
  const before = contentOf(path);
  renameSync(path, join(`${made.top}.worktrees`, `.coder-one.removing-${id.slice(-8)}`));
  await made.open().settle();
  assert.deepEqual(contentOf(path), before);
});

test('a restore that was cut off begins anew, and what it left goes only if nothing else is in it', async (t) => {
  const made = world(t);
  const { path, id } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'a.txt', 'all of it\n');
  const before = contentOf(path);
  await made.worktrees.remove(agent, 'cli');
  for (const [found, stays] of [
    ['all o', false],
    ['of a person\n', true],
  ] as const) {
    // As a restore leaves it that was killed: git knows the folder, and holds it locked.
    made.git('worktree', 'add', '--quiet', '--no-checkout', '--lock', '-B', 'agor/coder-one', '--', path);
    writeFileSync(join(path, 'a.txt'), found);
    writeFileSync(join(made.dir, `${id}.restoring`), '');
    await made.worktrees.restore(agent, 'cli');
    assert.deepEqual(contentOf(path), before);
    assert.equal(existsSync(join(made.dir, `${id}.restoring`)), false);
    const left = readdirSync(`${made.top}.worktrees`).filter((name) => name.includes('.unfinished-'));
    assert.equal(left.length > 0, stays);
    await made.worktrees.remove(agent, 'cli');
  }
});

test('a folder that nobody began to restore is left alone', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  await made.worktrees.remove(agent, 'cli');
  made.write(path, 'own.txt', 'of a person\n');
  await assert.rejects(made.worktrees.restore(agent, 'cli'), /is there already\. Move it away/);
  assert.equal(readFileSync(join(path, 'own.txt'), 'utf8'), 'of a person\n');
});

test('a removal that was cut off after its bundle was kept does not keep the folder from coming back', async (t) => {
  const made = world(t);
  const { path, id } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'a.txt', 'a\n');
  const before = contentOf(path);
  await made.worktrees.remove(agent, 'cli');
  made.git('worktree', 'add', '--quiet', '--no-checkout', '-B', 'agor/coder-one', '--', path);
  renameSync(path, join(`${made.top}.worktrees`, `.coder-one.removing-${id.slice(-8)}`));
  mkdirSync(join(made.dir, 'work-of-one-that-was-killed'));
  made.worktrees = made.open();
  await made.worktrees.settle();
  assert.deepEqual(readdirSync(`${made.top}.worktrees`), []);
  assert.deepEqual(
    readdirSync(made.dir).filter((name) => name.startsWith('work-')),
    [],
  );
  await made.worktrees.restore(agent, 'cli');
  assert.deepEqual(contentOf(path), before);
});
