/** Worktrees over the real git: what is made, what is refused, and what is told of them. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { auditEvents } from '../../support/test-stores.ts';
import { contentOf, WorktreesWorld } from '../../support/worktrees-world.ts';

function world(t: TestContext, options?: { prepare?: boolean }): WorktreesWorld {
  const made = new WorktreesWorld(options);
  t.after(() => made.remove());
  made.agent('Coder One');
  return made;
}

const agent = 'Coder One';

test('a worktree lies beside the project, on a branch named for its agent, and begins where the project is', async (t) => {
  const { worktrees, top, kept } = world(t);
  const made = await worktrees.create({ agent }, 'cli');
  assert.deepEqual([made.path, made.branch, made.base], [`${top}.worktrees/coder-one`, 'agor/coder-one', 'main']);
  assert.equal(existsSync(join(made.path, 'readme.md')), true);
  assert.deepEqual(auditEvents(kept.stores), ['worktree_created']);
  await assert.rejects(worktrees.create({ agent }, 'cli'), /has a worktree already/);
});

test('a name that is taken, by a branch or a folder, is not taken again', async (t) => {
  const made = world(t);
  made.git('branch', 'agor/coder-one');
  mkdirSync(`${made.top}.worktrees/coder-one-2`, { recursive: true });
  assert.equal((await made.worktrees.create({ agent }, 'cli')).branch, 'agor/coder-one-3');
});

test('what no worktree can be made from is refused in words, and nothing is left behind', async (t) => {
  const empty = world(t, { prepare: false });
  await assert.rejects(empty.worktrees.create({ agent }, 'cli'), /is not the top folder of a git repository/);
  empty.git('init', '--quiet');
  await assert.rejects(empty.worktrees.create({ agent }, 'cli'), /has no commit yet/);
  const bare = world(t, { prepare: false });
  bare.git('init', '--quiet', '--bare');
  await assert.rejects(bare.worktrees.create({ agent }, 'cli'), /is a bare repository/);
  const full = world(t);
  await assert.rejects(full.worktrees.create({ agent, from: '--upload-pack=x' }, 'cli'), /no branch, tag or commit/);
  await assert.rejects(full.worktrees.create({ agent, links: ['../secret'] }, 'cli'), /does not lie in the project/);
  await assert.rejects(full.worktrees.create({ agent, links: ['readme.md'] }, 'cli'), /is tracked by git/);
  full.isTrusted = false;
  await assert.rejects(full.worktrees.create({ agent }, 'cli'), /is not trusted/);
  assert.equal(existsSync(`${full.top}.worktrees`), false);
  assert.equal(full.git('branch', '--list', 'agor/*'), '');
});

test('from a detached HEAD, and from a project that is a worktree itself', async (t) => {
  const made = world(t);
  made.git('checkout', '--quiet', '--detach');
  const detached = await made.worktrees.create({ agent }, 'cli');
  assert.equal(detached.base, null);
  await assert.rejects(made.worktrees.merge(agent, 'cli'), /there is none to merge into/);
  await made.worktrees.remove(agent, 'cli');
  made.git('checkout', '--quiet', 'main');
  const inner = join(made.kept.dir, 'inner');
  made.git('worktree', 'add', '--quiet', '-b', 'inner', inner);
  Object.assign(made, { top: inner });
  made.worktrees = made.open();
  assert.equal((await made.worktrees.create({ agent }, 'cli')).path, `${inner}.worktrees/coder-one`);
});

test('nothing that the repository names is run', async (t) => {
  const made = world(t);
  const trace = join(made.kept.dir, 'trace');
  const program = join(made.kept.dir, 'program.sh');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${trace}\ncat\n`, { mode: 0o755 });
  for (const [name, value] of [
    ['core.fsmonitor', program],
    ['core.pager', program],
    ['diff.external', program],
    ['diff.evil.textconv', program],
    ['diff.evil.command', program],
    ['filter.evil.smudge', program],
    ['filter.evil.clean', program],
    ['merge.evil.driver', program],
    ['core.hooksPath', made.kept.folder('hooks')],
  ]) {
    made.git('config', name ?? '', value ?? '');
  }
  for (const hook of ['post-checkout', 'post-merge', 'reference-transaction', 'post-index-change']) {
    writeFileSync(join(made.kept.dir, 'hooks', hook), `#!/bin/sh\necho hook >> ${trace}\n`, { mode: 0o755 });
  }
  made.gitIn(made.top, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', 'status');
  made.write(made.top, '.gitattributes', '* filter=evil diff=evil merge=evil\n');
  const plain = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'filter.evil.clean=', '-c', 'filter.evil.smudge='];
  made.git(...plain, 'add', '.');
  made.git(...plain, 'commit', '--quiet', '-m', 'attributes');
  rmSync(trace, { force: true });
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'readme.md', 'changed\n');
  made.write(path, 'new.txt', 'new\n');
  await made.worktrees.show(agent);
  await made.worktrees.diff(agent, true);
  await made.worktrees.original(agent, 'readme.md');
  made.gitIn(path, ...plain, 'add', '.');
  made.gitIn(path, ...plain, 'commit', '--quiet', '-m', 'work');
  await made.worktrees.merge(agent, 'cli');
  await made.worktrees.remove(agent, 'cli');
  await made.worktrees.restore(agent, 'cli');
  assert.equal(existsSync(trace) ? readFileSync(trace, 'utf8') : '', '');
});

test('its state says what is only there, with the proof', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  assert.equal((await made.worktrees.show(agent)).state, 'safe');
  assert.deepEqual((await made.worktrees.show(agent)).proof.heldBy, ['main']);
  made.write(path, 'a.txt', 'a\n');
  made.gitIn(path, 'add', '.');
  made.gitIn(path, 'commit', '--quiet', '-m', 'work');
  const unpushed = await made.worktrees.show(agent);
  assert.deepEqual([unpushed.state, unpushed.proof.unpushed.map(({ subject }) => subject)], ['unpushed', ['work']]);
  made.write(path, 'b.txt', 'b\n');
  const dirty = await made.worktrees.show(agent);
  assert.deepEqual([dirty.state, dirty.proof.dirty, dirty.proof.unpushedCount], ['dirty', ['b.txt'], 1]);
  made.live.add(made.agents[0]?.id ?? assert.fail());
  assert.equal((await made.worktrees.show(agent)).state, 'live');
  made.live.clear();
  rmSync(path, { recursive: true });
  assert.equal((await made.worktrees.show(agent)).state, 'gone');
  made.git('worktree', 'prune');
  assert.equal((await made.worktrees.show(agent)).state, 'unreadable');
});

test("links into the project are nobody's work", async (t) => {
  const made = world(t);
  made.write(made.top, 'node_modules/x/index.js', 'x');
  made.write(made.top, 'AGENTS.md', 'rules');
  const { path, linked } = await made.worktrees.create({ agent, dependencies: 'linked', links: ['AGENTS.md'] }, 'cli');
  assert.deepEqual(linked, ['node_modules', 'AGENTS.md']);
  assert.equal((await made.worktrees.show(agent)).state, 'safe');
  assert.equal(existsSync(join(path, 'node_modules/x/index.js')), true);
  const before = contentOf(path);
  await made.worktrees.remove(agent, 'cli');
  assert.equal(existsSync(join(made.top, 'node_modules/x/index.js')), true);
  await made.worktrees.restore(agent, 'cli');
  assert.deepEqual(contentOf(path), before);
});

test('the difference to its base holds commits, changes and new files', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'readme.md', 'one\nTWO\nthree\n');
  made.gitIn(path, 'commit', '--quiet', '--all', '-m', 'two');
  made.write(path, 'new.txt', 'new\nlines\n');
  const { files, patch } = await made.worktrees.diff(agent, true);
  assert.deepEqual(files, [
    { path: 'new.txt', status: 'added', added: 2, removed: 0 },
    { path: 'readme.md', status: 'changed', added: 1, removed: 1 },
  ]);
  assert.match(patch ?? '', /\+TWO[\s\S]*\+lines/);
  assert.equal(await made.worktrees.original(agent, 'readme.md'), 'one\ntwo\nthree\n');
  assert.equal(await made.worktrees.original(agent, 'new.txt'), null);
});

test('what an agent, a lock, a nested repository or an unfinished merge is at work on is not removed', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'work.txt', 'work\n');
  const before = contentOf(path);
  const gitDir = made.gitIn(path, 'rev-parse', '--absolute-git-dir').trim();
  made.live.add(made.agents[0]?.id ?? assert.fail());
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /Stop Coder One/);
  made.live.clear();
  writeFileSync(join(gitDir, 'index.lock'), '');
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /index\.lock exists/);
  rmSync(join(gitDir, 'index.lock'));
  writeFileSync(join(gitDir, 'MERGE_HEAD'), '');
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /a merge that has not been finished/);
  rmSync(join(gitDir, 'MERGE_HEAD'));
  made.git('worktree', 'lock', path);
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /It is locked/);
  made.git('worktree', 'unlock', path);
  assert.deepEqual(contentOf(path), before);
  made.git('init', '--quiet', join(path, 'nested'));
  made.gitIn(join(path, 'nested'), 'commit', '--quiet', '--allow-empty', '-m', 'inner');
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /a repository of its own in nested/);
  assert.equal(existsSync(join(path, 'nested/.git')), true);
});

test('a folder that was removed by hand leaves its commits, which are kept and come back', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'a.txt', 'a\n');
  made.gitIn(path, 'add', '.');
  made.gitIn(path, 'commit', '--quiet', '-m', 'work');
  rmSync(path, { recursive: true });
  await made.worktrees.remove(agent, 'cli');
  await made.worktrees.restore(agent, 'cli');
  assert.equal(made.gitIn(path, 'log', '-1', '--format=%s').trim(), 'work');
  assert.equal(existsSync(join(path, 'a.txt')), true);
});

test('a bundle that cannot be written leaves everything as it was', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'work.txt', 'work\n');
  const before = contentOf(path);
  mkdirSync(made.dir, { recursive: true });
  // A place that takes no file stands for a full disk.
  for (let at = 1; at < 9; at += 1)
    mkdirSync(join(made.dir, `${(await made.worktrees.show(agent)).worktree.id}-${made.now + at}.bundle.tmp`));
  await assert.rejects(made.worktrees.remove(agent, 'cli'));
  assert.deepEqual(contentOf(path), before);
  assert.equal((await made.worktrees.show(agent)).state, 'dirty');
});

test('a bundle that was changed on the disk is not restored', async (t) => {
  const made = world(t);
  await made.worktrees.create({ agent }, 'cli');
  const { bundle } = await made.worktrees.remove(agent, 'cli');
  writeFileSync(bundle?.path ?? '', 'x', { flag: 'a' });
  await assert.rejects(made.worktrees.restore(agent, 'cli'), /is not what was written/);
});

test('a merge goes into the base, whether it is checked out or not, and a conflict changes nothing', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  made.write(path, 'a.txt', 'a\n');
  await assert.rejects(made.worktrees.merge(agent, 'cli'), /files that are in no commit/);
  made.gitIn(path, 'add', '.');
  made.gitIn(path, 'commit', '--quiet', '-m', 'work');
  made.write(made.top, 'readme.md', 'uncommitted\n');
  await assert.rejects(made.worktrees.merge(agent, 'cli'), /with uncommitted changes \(readme\.md\)/);
  made.git('checkout', '--', 'readme.md');
  assert.equal((await made.worktrees.merge(agent, 'cli')).isFastForward, true);
  assert.equal(existsSync(join(made.top, 'a.txt')), true);
  await assert.rejects(made.worktrees.merge(agent, 'cli'), /is in main already/);

  made.git('checkout', '--quiet', '-b', 'other');
  made.write(path, 'readme.md', 'theirs\n');
  made.gitIn(path, 'commit', '--quiet', '--all', '-m', 'theirs');
  const tree = made.git('rev-parse', 'main^{tree}').trim();
  const ours = made.git('commit-tree', tree, '-p', 'main', '-m', 'ours').trim();
  made.git('update-ref', 'refs/heads/main', ours);
  const { commit } = await made.worktrees.merge(agent, 'cli');
  assert.equal(made.git('rev-parse', 'main').trim(), commit);

  made.write(path, 'readme.md', 'theirs again\n');
  made.gitIn(path, 'commit', '--quiet', '--all', '-m', 'theirs again');
  made.git('checkout', '--quiet', 'main');
  made.write(made.top, 'readme.md', 'ours\n');
  made.git('commit', '--quiet', '--all', '-m', 'ours');
  const before = made.git('rev-parse', 'main');
  await assert.rejects(made.worktrees.merge(agent, 'cli'), /by itself: readme\.md\. Nothing was changed/);
  assert.equal(made.git('rev-parse', 'main'), before);
  assert.equal(made.git('status', '--porcelain'), '');
});

test('a submodule that is checked out in it keeps it from being removed', async (t) => {
  const made = world(t);
  const lib = made.kept.folder('lib');
  made.gitIn(lib, 'init', '--quiet');
  made.gitIn(lib, 'commit', '--quiet', '--allow-empty', '-m', 'lib');
  made.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib, 'lib');
  made.git('commit', '--quiet', '-m', 'submodule');
  const { path } = await made.worktrees.create({ agent }, 'cli');
  assert.equal((await made.worktrees.show(agent)).state, 'safe');
  made.gitIn(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  await assert.rejects(made.worktrees.remove(agent, 'cli'), /A submodule is checked out/);
  assert.equal(existsSync(path), true);
});

test('a link in place of a file is kept as a link, and what it leads to is left alone', async (t) => {
  const made = world(t);
  const { path } = await made.worktrees.create({ agent }, 'cli');
  const outside = made.kept.folder('outside');
  writeFileSync(join(outside, 'kept'), 'kept');
  symlinkSync(outside, join(path, 'way-out'));
  await made.worktrees.remove(agent, 'cli');
  assert.equal(existsSync(join(outside, 'kept')), true);
  await made.worktrees.restore(agent, 'cli');
  assert.match(contentOf(path)['way-out'] ?? '', /^link .*outside$/);
});
