/** What is kept of a session's cost and work, taken in by the real parts over a real file. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { outcomeOf, SessionMetrics } from '../../../server/metrics/session-metrics.ts';
import type { AgentEvent, ToolKind, TurnEndReason } from '../../../server/protocol/agent-event.ts';
import { keptSessionMetrics } from '../../../server/protocol/metrics.ts';
import { nothing, SessionsWorld, source } from '../../support/sessions-world.ts';
import { usage } from '../../support/team-samples.ts';
import { fillDisk } from '../../support/test-stores.ts';
import { ids, Numbered, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

let world: SessionsWorld;

beforeEach(() => {
  world = new SessionsWorld();
});
afterEach(() => world.kept.remove());

function holds(contextTokens: number | null, costUsd: number | null = null): AgentEvent {
  return { type: 'usage', usage: usage({ contextTokens, costUsd }) };
}

function ended(reason: TurnEndReason, ...during: AgentEvent[]): AgentEvent[] {
  const turn = ids.turn();
  return [turnStarted(turn), ...during, turnEnded(turn, reason)];
}

describe('a session is measured', () => {
  it('when its turn ends, and not before', () => {
    const [turn, tool] = [ids.turn(), ids.item()];
    world.take({ type: 'sessionOpened', providerSessionId: 'p', resumed: false, model: 'small', programVersion: null });
    world.take(turnStarted(turn), toolStarted(tool), { type: 'toolEnded', itemId: tool, status: 'ok' }, holds(700, 0.25));
    assert.deepEqual(world.measured(), []);
    const [last] = world.take(turnEnded(turn));
    const [row, ...others] = world.measured();
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...row, id: 0 },
      {
        ...{ id: 0, projectId: source.projectId, sessionId: world.id, startTime: 5_000, endTime: last?.at },
        ...{ peakTokens: 700, turnCount: 1, toolCallCount: 1, costUsd: 0.25, model: 'small', status: 'success', errorMessage: null },
        ...{ gatheringCallCount: 0, hookFailureCount: 0, endReason: 'completed' },
      },
    );
  });

  it('by what of it was looking around, the hooks that failed, and how it ended', () => {
    const looking = ['read', 'search', 'fetch', 'edit', 'execute'] as const;
    const call = (kind: ToolKind): AgentEvent => ({
      ...{ type: 'toolStarted', itemId: ids.item(), parentItemId: null, name: 'Tool', title: 'tool', kind, input: {}, content: [] },
    });
    const calls = looking.map(call);
    world.take(...ended('failed', ...calls, { type: 'hookFailed', hook: 'PreToolUse', detail: 'exit code 1' }));
    world.again();
    world.take(...ended('crashed', call('read')));
    const [row] = world.measured();
    assert.deepEqual(
      [row?.toolCallCount, row?.gatheringCallCount, row?.hookFailureCount, row?.endReason],
      [looking.length + 1, 4, 1, 'crashed'],
    );
  });

  it('in one row, however many turns it has, with the highest of its contexts also from before a restart', () => {
    world.take(...ended('completed', holds(100), holds(900), holds(300)));
    world.again();
    world.take(...ended('completed', holds(400), toolStarted(ids.item()), toolStarted(ids.item())));
    world.take(...ended('interrupted', holds(500, 2)));
    assert.deepEqual(
      world.measured().map(({ peakTokens, turnCount, toolCallCount, costUsd, status }) => ({
        peakTokens,
        turnCount,
        toolCallCount,
        costUsd,
        status,
      })),
      [{ peakTokens: 900, turnCount: 3, toolCallCount: 2, costUsd: 2, status: 'stopped' }],
    );
  });

  it('once, however often its events come again', () => {
    const batch = world.take(...ended('completed', toolStarted(ids.item())));
    const before = world.measured();
    world.sessions.takeIn(source, batch, nothing);
    world.again().takeIn(source, batch, nothing);
    assert.deepEqual(world.measured(), before);
  });

  it('as crashed when its turn was cut, and anew when it comes back', () => {
    world.take(turnStarted(ids.turn()));
    world.again().endTurn(world.id, { reason: 'crashed', failure: null }, () => {});
    assert.deepEqual(
      world.measured().map(({ status, errorMessage }) => [status, errorMessage]),
      [['error', 'The agent crashed in the middle of the turn.']],
    );
    world.take(...ended('completed'));
    assert.deepEqual(
      world.measured().map(({ status, errorMessage }) => [status, errorMessage]),
      [['success', null]],
    );
  });

  it('with nothing where its agent tells nothing', () => {
    world.take(...ended('completed'));
    const [row] = world.measured();
    assert.deepEqual([row?.peakTokens, row?.costUsd, row?.model], [null, null, null]);
  });

  it('together with the end of its turn or not at all', () => {
    const turn = ids.turn();
    world.take(turnStarted(turn));
    const makeRoom = fillDisk(world.kept.stores.sessions.db);
    const end = world.numbered.of({ type: 'notice', level: 'info', text: 'x'.repeat(100_000) }, turnEnded(turn));
    assert.throws(() => world.sessions.takeIn(source, end, nothing));
    assert.deepEqual(world.measured(), []);
    makeRoom();
    world.sessions.takeIn(source, end, nothing);
    assert.equal(world.measured().length, 1);
  });
});

it(`of each project the ${keptSessionMetrics} sessions that ended last are kept, of others nothing is lost`, () => {
  const other = { agentId: source.agentId, projectId: world.sessions.create(source.agentId, ids.turn() as never).projectId };
  const elsewhere = world.sessions.create(source.agentId, other.projectId);
  let seq = 0;
  const turnIn = (id: typeof world.id, projectId: typeof source.projectId) => {
    const events = new Numbered(id, seq).of(...ended('completed'));
    seq += events.length;
    world.sessions.takeIn({ ...source, projectId }, events, nothing);
  };
  turnIn(elsewhere.id, other.projectId);
  turnIn(world.id, source.projectId);
  const later = Array.from({ length: keptSessionMetrics }, () => world.sessions.create(source.agentId, source.projectId).id);
  for (const id of later) turnIn(id, source.projectId);
  assert.deepEqual(
    world.measured().map(({ sessionId }) => sessionId),
    later.toReversed(),
  );
  const metrics = new SessionMetrics(world.kept.stores.sessions.db);
  assert.equal(metrics.history(other.projectId, keptSessionMetrics).length, 1);
  assert.equal(metrics.history(source.projectId, 3).length, 3);
});

it('each way in which a turn ends has one outcome, and an error always says what went wrong', () => {
  const failure = { type: 'quota', message: 'No money is left.', retryable: false } as const;
  assert.deepEqual(outcomeOf({ reason: 'completed', failure: null }), { status: 'success', errorMessage: null });
  assert.deepEqual(outcomeOf({ reason: 'interrupted', failure }), { status: 'stopped', errorMessage: null });
  assert.deepEqual(outcomeOf({ reason: 'failed', failure }), { status: 'error', errorMessage: failure.message });
  for (const reason of ['refused', 'limit', 'failed', 'crashed'] as const) {
    const { status, errorMessage } = outcomeOf({ reason, failure: null });
    assert.equal(status, 'error');
    assert.match(errorMessage ?? '', /\.$/);
  }
  const long = { ...failure, message: 'x'.repeat(100_000) };
  assert.equal(outcomeOf({ reason: 'failed', failure: long }).errorMessage?.length, 1_000);
});
