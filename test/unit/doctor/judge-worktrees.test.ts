import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GoneWorktree, judgeWorktrees } from '../../../server/doctor/judge-worktrees.ts';

const worktree: GoneWorktree = { id: 'w-1', path: '/p/app.worktrees/one', branch: 'agor/one', state: 'kept', elsewhere: null };

function gone(state: GoneWorktree['state'], elsewhere: string | null = null, isFixer = true) {
  return judgeWorktrees({ gone: [{ ...worktree, state, elsewhere }], folders: [] }, isFixer);
}

test('where rows and folders belong together, nothing is told', () => {
  assert.deepEqual(judgeWorktrees({ gone: [], folders: [] }, true), []);
});

for (const state of ['kept', 'branchOnly'] as const)
  test(`a worktree whose folder is gone and of which nothing more can be lost (${state}) may be closed, by a backend alone`, () => {
    const [byBackend] = gone(state);
    assert.deepEqual(byBackend?.fixes, [{ do: 'closeWorktree', id: 'w-1', path: worktree.path }]);
    const [byOther] = gone(state, null, false);
    assert.deepEqual([byOther?.fixes, byOther?.todo], [[], [{ run: 'agor worktree remove w-1' }]]);
    assert.match(byBackend?.what ?? '', /app\.worktrees\/one, on the branch agor\/one/);
  });

const left: readonly [GoneWorktree['state'], string | null, RegExp][] = [
  ['lost', '/p/app', /git -C \/p\/app fsck --lost-found/],
  ['moved', '/p/elsewhere', /git -C \/p\/elsewhere worktree move \/p\/elsewhere \/p\/app\.worktrees\/one/],
  ['locked', null, /git worktree unlock \/p\/app\.worktrees\/one/],
  ['noProject', '/p/app', /Bring the folder back/],
];
for (const [state, elsewhere, todo] of left)
  test(`one that may come back, or whose work may be found yet (${state}), is left to the person`, () => {
    const [found] = gone(state, elsewhere);
    assert.deepEqual([found?.fixes, found?.level], [[], 'warning']);
    assert.match(JSON.stringify(found?.todo), todo);
  });

test('a folder without a row is told with its branch, and never put right', () => {
  const [found] = judgeWorktrees({ gone: [], folders: [{ path: '/p/app.worktrees/it is', branch: 'agor/x' }] }, true);
  assert.deepEqual([found?.level, found?.fixes], ['warning', []]);
  assert.match(found?.what ?? '', /A folder lies among the worktrees of agents and belongs to none: .*it is \(agor\/x\)/);
  assert.match(JSON.stringify(found?.todo), /git -C '\/p\/app\.worktrees\/it is' status/);
});

test('a folder that is on no branch of an agent may be a thing of the person, and is only noted', () => {
  const [found] = judgeWorktrees({ gone: [], folders: [{ path: '/p/app.worktrees/x', branch: null }] }, true);
  assert.equal(found?.level, 'note');
  assert.doesNotMatch(JSON.stringify(found?.todo), /"run":"git.*remove/);
});
