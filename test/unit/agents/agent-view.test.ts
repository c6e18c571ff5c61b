import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentFacts, agentStatus } from '../../../server/agents/agent-view.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { ItemId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';

const stopped: AgentFacts = {
  isStarting: false,
  isUp: false,
  hasTurn: false,
  paused: false,
  lacksCredentials: false,
  failure: undefined,
  offline: undefined,
  queuedPrompts: 0,
  activity: undefined,
  questions: [],
};
const common = { id: newId<ItemId>(), turnId: null, ordinal: 0, at: 1 };
const writing: Item = { ...common, kind: 'text', text: 'a', complete: false, interrupted: false };
const running: AgentFacts = { ...stopped, isUp: true, hasTurn: true };

const rows: readonly [name: string, facts: AgentFacts, state: string, detail: string | RegExp][] = [
  ['nothing is known', stopped, 'stopped', ''],
  ['prompts wait for an agent that was stopped', { ...stopped, queuedPrompts: 2 }, 'stopped', '2 prompts wait'],
  ['its sidecar comes up', { ...stopped, isStarting: true }, 'starting', ''],
  ['its program comes up', { ...stopped, isStarting: true, isUp: true }, 'starting', ''],
  ['it has nothing to do', { ...stopped, isUp: true }, 'idle', ''],
  ['it is paused', { ...stopped, isUp: true, paused: true }, 'idle', 'Paused'],
  ['a prompt waits for its pause to end', { ...stopped, isUp: true, paused: true, queuedPrompts: 1 }, 'idle', 'Paused, 1 prompt waits'],
  ['a turn runs', running, 'running', 'Working'],
  ['it writes', { ...running, activity: writing }, 'running', 'Writing'],
  ['it thinks', { ...running, activity: { ...writing, kind: 'thinking' } }, 'running', 'Thinking'],
  ['a turn goes on while its sidecar is away', { ...running, isUp: false, isStarting: true }, 'running', 'Working'],
  ['it asks', { ...running, questions: ['Run npm test', 'Edit a.ts'] }, 'waitingForApproval', 'Run npm test'],
  ['its key is missing', { ...stopped, lacksCredentials: true, queuedPrompts: 1 }, 'waitingForCredentials', /key/],
  ['it could not be started', { ...stopped, failure: 'No such program.', offline: 'gone' }, 'failed', 'No such program.'],
  ['it is tried again', { ...stopped, failure: 'No such program.', isStarting: true }, 'starting', ''],
  ['its sidecar ended by itself', { ...stopped, offline: 'The sidecar is gone: it ended' }, 'offline', 'The sidecar is gone: it ended'],
  ['only its program ended', { ...stopped, isUp: true, offline: 'It ended with code 1.' }, 'offline', 'It ended with code 1.'],
];

for (const [name, facts, state, detail] of rows) {
  test(`when ${name}, an agent is ${state}`, () => {
    const status = agentStatus(facts);
    assert.equal(status.state, state);
    if (detail instanceof RegExp) assert.match(status.stateDetail, detail);
    else assert.equal(status.stateDetail, detail);
  });
}
