import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ProjectId } from '../../../server/protocol/ids.ts';
import { Leases } from '../../../server/worktrees/leases.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

test("a path is one agent's until its time is up or it is given back; all of it is audited", (t) => {
  const kept = new TestStores();
  t.after(() => kept.remove());
  let now = 1000;
  const leases = new Leases({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => now });
  const [one, other] = [newId<AgentId>(), newId<AgentId>()];
  const [projectId, elsewhere] = [newId<ProjectId>(), newId<ProjectId>()];
  leases.set({ agentId: one, projectId, path: 'src/', minutes: 10 }, 'cli');
  for (const path of ['src', 'src/', 'src/app.ts', './src/app.ts']) {
    assert.throws(() => leases.set({ agentId: other, projectId, path, minutes: 1 }, 'cli'), /Another agent has src\//);
  }
  leases.set({ agentId: other, projectId, path: 'srcs', minutes: 1 }, 'cli');
  leases.set({ agentId: other, projectId: elsewhere, path: 'src/', minutes: 1 }, 'cli');
  for (const path of ['/etc', '../x', '.']) {
    assert.throws(() => leases.set({ agentId: one, projectId, path, minutes: 1 }, 'cli'), /no path below the project/);
  }
  assert.equal(leases.of(undefined).length, 3);
  now += 2 * 60_000;
  assert.deepEqual(leases.of(projectId), [{ agentId: one, projectId, path: 'src/', until: 1000 + 10 * 60_000 }]);
  leases.set({ agentId: one, projectId, path: 'src/', minutes: 0 }, 'cli');
  assert.throws(() => leases.set({ agentId: one, projectId, path: 'src/', minutes: 0 }, 'cli'), /does not have src\//);
  assert.deepEqual(auditEvents(kept.stores), ['lease_given', 'lease_given', 'lease_given', 'lease_ended']);
});
