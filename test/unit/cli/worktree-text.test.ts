import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { reportLines, worktreeTable } from '../../../server/cli/worktree-text.ts';
import type { AgentId, ProjectId, WorktreeId } from '../../../server/protocol/ids.ts';
import type { WorktreeReport } from '../../../server/protocol/worktree.ts';

const report: WorktreeReport = {
  worktree: {
    id: newId<WorktreeId>(),
    projectId: newId<ProjectId>(),
    agentId: newId<AgentId>(),
    path: '/src/app.worktrees/coder',
    branch: 'agor/coder',
    base: 'main',
    baseCommit: 'a'.repeat(40),
    dependencies: 'none',
    linked: [],
    createdAt: 0,
    removedAt: null,
    bundle: null,
  },
  state: 'dirty',
  proof: {
    reasons: ['2 files are in no commit.'],
    unpushed: [{ commit: 'b'.repeat(40), subject: 'work\u001b[31m' }],
    unpushedCount: 1,
    dirty: ['one\u001b]0;title\u0007.txt'],
    dirtyCount: 2,
    heldBy: [],
    head: 'agor/coder',
  },
  size: { bytes: 2048, isWhole: false },
};

test('a worktree is told with its proof, and nothing that others wrote moves the cursor', () => {
  const names = new Map([[report.worktree.agentId, 'coder']]);
  const lines = reportLines(report, names);
  assert.deepEqual(lines, [
    'coder: dirty. 2 files are in no commit.',
    'Folder: /src/app.worktrees/coder (at least 2.0 KiB)',
    'Branch: agor/coder, from main at aaaaaaaaaaaa',
    'Only here:',
    '  bbbbbbbbbbbb work',
    'In no commit:',
    '  one.txt',
    '  and 1 more',
  ]);
  assert.match(worktreeTable([report], names)[1] ?? '', /coder +dirty +agor\/coder +at least 2\.0 KiB +\/src/);
});

test('without one, it says how one is made', () => {
  assert.deepEqual(worktreeTable([], new Map()), ['There is no worktree yet. Make one with: agor worktree create <agent>']);
});
