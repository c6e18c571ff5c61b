import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { LogLevels } from '../../../server/log/log-levels.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import type { LogLevel } from '../../../server/protocol/requests.ts';

const [one, other] = [newId<AgentId>(), newId<AgentId>()];
let backend: LogLevel;
let sidecars: Map<AgentId, LogLevel>;
let levels: LogLevels;

beforeEach(() => {
  backend = 'info';
  sidecars = new Map();
  levels = new LogLevels({
    backend: {
      get: () => backend,
      set: (level) => {
        backend = level;
      },
    },
    ofSidecar: (agentId) => sidecars.get(agentId),
    tellSidecar: async (agentId, level) => sidecars.has(agentId) && sidecars.set(agentId, level),
  });
});

test('the backend’s level is what sidecars begin with', async () => {
  assert.equal(await levels.set('warn'), 'info');
  assert.equal(levels.get(), 'warn');
  assert.equal(levels.forStart(one), 'warn');
});

test('a level that was set for an agent reaches its sidecar at once, holds for later starts, and leaves the others alone', async () => {
  sidecars.set(one, 'info');
  assert.equal(await levels.set('debug', one), 'info');
  assert.equal(sidecars.get(one), 'debug');
  assert.deepEqual([levels.get(one), levels.get(other), levels.get()], ['debug', 'info', 'info']);
  sidecars.delete(one);
  assert.deepEqual([levels.get(one), levels.forStart(one)], ['debug', 'debug']);
  levels.forget(one);
  assert.equal(levels.forStart(one), 'info');
});

test('a sidecar that was away when its level was set is told when it is back', async () => {
  await levels.set('trace', one);
  sidecars.set(one, 'info');
  await levels.attached(one);
  assert.equal(sidecars.get(one), 'trace');
  sidecars.set(other, 'error');
  await levels.attached(other);
  assert.equal(sidecars.get(other), 'error', 'one that an earlier backend started keeps its own');
});
