/** Agents that work in worktrees, with a real backend, real sidecars and the demo agent in its fence. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Worktree } from '../../server/protocol/worktree.ts';
import { LiveBackend, until } from '../support/live-backend.ts';

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;
let worktree: Worktree;

before(async () => {
  backend = await LiveBackend.create();
  git(backend.project, 'init', '--quiet', '--initial-branch=main');
  git(backend.project, 'add', '.');
  git(backend.project, 'commit', '--quiet', '-m', 'first');
  writeFileSync(join(backend.project, 'untracked.md'), 'read only\n');
  connection = await backend.connect();
  agent = await backend.demoAgent(connection);
});
after(async () => {
  await backend.close();
  rmSync(`${backend.project}.worktrees`, { recursive: true, force: true, maxRetries: 10 });
});

it('an agent with a worktree works there from its next start on, and is told of it', async () => {
  worktree = await connection.call('worktree/create', { agent: 'demo', links: ['untracked.md'] });
  await prompt('edit');
  const record = backend.run(agent.id);
  assert.equal(record?.projectDir, worktree.path);
  assert.deepEqual(JSON.parse(record?.environment.AGENT_RELAY_WORKSPACE_JSON ?? ''), {
    mode: 'isolated',
    deps: { mode: 'none' },
    symlinks: { linked: ['untracked.md'] },
  });
  assert.ok(record?.sandbox?.readOnlyPaths.includes(join(backend.project, 'untracked.md')));
  assert.equal(existsSync(join(worktree.path, 'agor-demo.md')), true);
  assert.equal(existsSync(join(backend.project, 'agor-demo.md')), false);
  assert.equal((await connection.call('worktree/show', { worktree: 'demo' })).state, 'live');
});

it('it is not removed while the agent runs, and comes back as it was', async () => {
  await assert.rejects(connection.call('worktree/remove', { worktree: 'demo' }), /demo works in it\. Stop demo/);
  await connection.call('agent/stop', { agent: 'demo' });
  await until(() => backend.run(agent.id) === undefined);
  const { bundle } = await connection.call('worktree/remove', { worktree: 'demo' });
  assert.equal(existsSync(worktree.path), false);
  assert.equal(existsSync(bundle?.path ?? ''), true);
  await connection.call('worktree/restore', { worktree: worktree.id });
  assert.equal(existsSync(join(worktree.path, 'agor-demo.md')), true);
});

it('two that change the same file are told to the person, and a path that one has is known', async () => {
  await connection.call('agent/add', { project: 'project', name: 'other', provider: 'demo' });
  const { path } = await connection.call('worktree/create', { agent: 'other' });
  writeFileSync(join(path, 'agor-demo.md'), 'mine\n');
  const { conflicts } = await connection.call('worktree/conflicts', {});
  assert.deepEqual(
    conflicts.map((conflict) => [conflict.path, conflict.agents.length]),
    [['agor-demo.md', 2]],
  );
  await until(async () => {
    const { notices } = await connection.call('notice/list', {});
    return notices.some(({ title, text }) => /change the same file/.test(title) && text === 'agor-demo.md');
  });
  const { leases } = await connection.call('worktree/lease', { agent: 'other', path: 'src/', minutes: 5 });
  assert.equal(leases[0]?.path, 'src/');
});

async function prompt(text: string): Promise<void> {
  const { sessionId } = await connection.call('agent/prompt', { agent: 'demo', text });
  await until(async () => {
    const { approvals } = await connection.call('approval/list', {});
    for (const { id, hash } of approvals) await connection.call('approval/answer', { approval: id, decision: 'allowOnce', hash });
    const { items } = await connection.call('session/items', { session: sessionId });
    return items.some(({ kind }) => kind === 'turnEnd');
  }, 60_000);
}

function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe' });
}
