import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBundled, worktreeRow } from '../../../../extension/worktrees/worktree-wording.ts';
import type { AgentId, ProjectId, WorktreeId } from '../../../../server/protocol/ids.ts';
import type { WorktreeReport } from '../../../../server/protocol/worktree.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

function removed(bundle: WorktreeReport['worktree']['bundle']): WorktreeReport {
  const proof = { reasons: [], unpushed: [], unpushedCount: 0, dirty: [], dirtyCount: 0, heldBy: [], head: null };
  const worktree = {
    // Made up, and only compared.
    ...{ id: 'w' as WorktreeId, projectId: 'p' as ProjectId, agentId: 'a' as AgentId, path: '/p/app.worktrees/one', branch: 'agor/one' },
    ...{ base: 'main', baseCommit: 'c', dependencies: 'none' as const, linked: [], createdAt: 1, removedAt: 2, bundle },
  };
  return { worktree, state: 'removed', proof, size: { bytes: 0, isWhole: true } };
}

test('one that was removed into a bundle can be restored, and one of which only the branch was left is not said to', () => {
  const kept = removed({ path: '/b', bytes: 1, sha256: 's' });
  assert.equal(isBundled(kept.worktree), true);
  assert.match(worktreeRow(kept, 'one', t).description, /^removed, can be restored · agor\/one/);
  const closed = removed(null);
  assert.equal(isBundled(closed.worktree), false);
  const { description, proof } = worktreeRow(closed, 'one', t);
  assert.match(description, /^removed · agor\/one/);
  assert.equal(proof, 'Its folder was gone, so only its branch is left');
});
