import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { wakeLines } from '../../../server/cli/commands/wake.ts';
import type { AgentId, PromptId, WakeId } from '../../../server/protocol/ids.ts';
import type { Wake } from '../../../server/protocol/wake.ts';

const agentId = newId<AgentId>();
const wake: Wake = {
  id: newId<WakeId>(),
  agentId,
  strategy: 'smart',
  state: 'done',
  score: 1,
  signals: [
    { name: 'AttentionSpike', weight: 1, detail: 'an agent' },
    { name: 'PeriodicFloor', weight: 0.1, detail: 'its time has come' },
  ],
  summary: '',
  promptId: newId<PromptId>(),
  dueAt: 1,
  decidedAt: 1,
  endedAt: 2,
  cause: 'interval',
};

test('wakes are listed with their score and signals, by the name of the agent', () => {
  const lines = wakeLines(
    [wake, { ...wake, score: 0.1, signals: [], agentId: newId<AgentId>() }],
    [{ id: agentId, name: 'lead\u001b[2J' }],
    5,
  );
  assert.match(lines[0] ?? '', /^ID +AGENT +DECIDED +STRATEGY +STATE +CAUSE +SCORE +SIGNALS$/);
  assert.match(lines[1] ?? '', /^[0-9a-f]{8} +lead +just now +smart +done +interval +1\.0 +AttentionSpike, PeriodicFloor$/);
  assert.match(lines[2] ?? '', /^[0-9a-f]{8} +[0-9a-f]{8} +just now +smart +done +interval +0\.1$/);
});

test('when nobody was woken, it says who would be', () => {
  assert.deepEqual(wakeLines([], [], 5), ['Nobody was woken yet. Managers with a wake strategy are, by the schedule.']);
});
