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
  hold: null,
  lackingCredentials: undefined,
  failure: undefined,
  offline: undefined,
  isAsleep: false,
  health: { state: 'healthy' },
  retryInMs: 0,
  maxAttempts: 5,
  turnsTaken: undefined,
  queuedPrompts: 0,
  activity: undefined,
  questions: [],
};
const common = { id: newId<ItemId>(), turnId: null, ordinal: 0, at: 1 };
const writing: Item = { ...common, kind: 'text', text: 'a', complete: false, interrupted: false };
const gone = { detail: 'The sidecar is gone: it ended', decision: 'offline' } as const;
const ended = { detail: 'It ended with code 1.', decision: 'offline' } as const;
const restarting: AgentFacts = {
  ...stopped,
  health: { state: 'restarting', attempt: 3, nextRetryAt: 9_000, lastError: 'boom (it ended with code 3)' },
  retryInMs: 3_400,
  offline: { detail: 'The sidecar is gone: it ended with code 3', decision: 'offline' },
};
const failed: AgentFacts = { ...stopped, health: { state: 'failed', attempts: 5, lastError: 'boom', reason: 'attempts' } };
const flapping: AgentFacts = { ...stopped, health: { state: 'failed', attempts: 7, lastError: 'boom', reason: 'flapping' } };
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
  ['its key is missing', { ...stopped, lackingCredentials: 'Needs its key', queuedPrompts: 1 }, 'waitingForCredentials', 'Needs its key'],
  ['it could not be started', { ...stopped, failure: 'No such program.', offline: gone }, 'failed', 'No such program.'],
  ['it is tried again', { ...stopped, failure: 'No such program.', isStarting: true }, 'starting', ''],
  ['its sidecar ended by itself', { ...stopped, offline: gone }, 'offline', 'The sidecar is gone: it ended'],
  ['its program comes back', { ...stopped, isUp: true, offline: { ...ended, decision: 'restart' } }, 'restarting', 'It ended with code 1.'],
  ['its program ended too often', { ...stopped, isUp: true, offline: { ...ended, decision: 'giveUp' } }, 'failed', /stays down.*code 1/],
  ['its sidecar crashed', restarting, 'restarting', 'Restarts in 4 s (attempt 3 of 5): boom (it ended with code 3)'],
  ['its crashed sidecar comes up', { ...restarting, isStarting: true }, 'starting', ''],
  ['its sidecar crashed too often', failed, 'failed', 'Failed after 5 restarts: boom. Restart it to try again.'],
  ['its sidecar flaps', flapping, 'failed', /^Flapping: crashed 7 times within an hour, .*: boom\. Restart it to try again\.$/],
  ['too many turns run', { ...stopped, isUp: true, turnsTaken: 5 }, 'waitingForTurn', 'Waits for a turn: all 5 are taken'],
  ['the only turn is taken', { ...stopped, turnsTaken: 1 }, 'waitingForTurn', /the only one is taken/],
  ['a prompt waits for a turn after a failed start', { ...stopped, failure: 'No.', turnsTaken: 2 }, 'waitingForTurn', /all 2/],
  ['it was idle', { ...stopped, isAsleep: true }, 'sleeping', 'Its next prompt resumes the session'],
  ['it is woken', { ...stopped, isAsleep: true, isStarting: true }, 'starting', ''],
  ['only its program ended', { ...stopped, isUp: true, offline: ended }, 'offline', 'It ended with code 1.'],
];

for (const [name, facts, state, detail] of rows) {
  test(`when ${name}, an agent is ${state}`, () => {
    const status = agentStatus(facts);
    assert.equal(status.state, state);
    if (detail instanceof RegExp) assert.match(status.stateDetail, detail);
    else assert.equal(status.stateDetail, detail);
  });
}
