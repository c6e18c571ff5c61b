/** What was spent is counted once, wherever the backend is killed and whatever is told again. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { IntakePlace } from '../../../server/agents/intake-place.ts';
import { newId } from '../../../server/base/uuid.ts';
import { dayOf } from '../../../server/budgets/day.ts';
import { Ledger } from '../../../server/budgets/ledger.ts';
import type { LedgerRow } from '../../../server/budgets/ledger-store.ts';
import type { AgentEvent, Usage } from '../../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../../server/protocol/handshake.ts';
import type { AgentId, ProjectId, SessionId, TurnId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { Random } from '../../faults/random.ts';
import { CrashPoint } from '../../support/crashing-database.ts';
import { TestStores } from '../../support/test-stores.ts';
import { ids, Numbered, text, turnEnded, turnStarted } from '../../support/transcripts.ts';

const source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
const sessionId = newId<SessionId>();
const today = dayOf(1_000);

let kept: TestStores;
let running: TurnId | null;
let items: Item[];
let known: Usage | null;
let ledger: Ledger;
beforeEach(() => {
  kept = new TestStores();
  [running, items, known] = [null, [], null];
  ledger = open();
});
afterEach(() => kept.remove());

function open(): Ledger {
  return new Ledger({ file: kept.stores.btmsg, knownUsage: () => known, runningTurn: () => running, items: () => items });
}

function takeIn(events: readonly NumberedEvent[]): void {
  ledger.seen(source, events);
  kept.stores.btmsg.write(() => {
    for (const event of events) ledger.record(source, event);
  });
}

function used(tokens: number | null, costUsd: number | null): AgentEvent {
  const others = { cacheReadTokens: null, cacheWriteTokens: null, contextTokens: null, contextWindowTokens: null };
  return { type: 'usage', usage: { inputTokens: tokens, outputTokens: tokens === null ? null : 0, costUsd, ...others } };
}

function row(): Partial<LedgerRow> {
  const [only] = ledger.day(today);
  return only ?? {};
}

test('a session from before anything was counted begins with what it had used', () => {
  known = { ...(used(1_000, 9) as { usage: Usage }).usage };
  takeIn(new Numbered(sessionId).of(used(1_200, 9.5)));
  assert.deepEqual([row().tokensAgent, row().usdAgent], [200, 0.5]);
});

test('a turn of which nothing is told is booked by an estimate, which the word of its program replaces', () => {
  const numbered = new Numbered(sessionId);
  const turnId = ids.turn();
  takeIn(numbered.of(turnStarted(turnId), text(ids.item(), 0, 'x'.repeat(4_000)), turnEnded(turnId)));
  assert.deepEqual([row().tokensEstimate, row().tokensAgent, row().unpricedTokens], [2_000, 0, 2_000]);
  takeIn(numbered.of(used(700, 0.1)));
  assert.deepEqual([row().tokensEstimate, row().tokensAgent, row().unpricedTokens, row().usdAgent], [0, 700, 0, 0.1]);
});

test('a turn that runs when the backend is killed is estimated the same by the next one, and one that is lost is booked', () => {
  const numbered = new Numbered(sessionId);
  const [turnId, itemId] = [ids.turn(), ids.item()];
  const said = 'x'.repeat(4_000);
  takeIn(numbered.of(turnStarted(turnId), text(itemId, 0, said)));
  running = turnId;
  items = [{ id: itemId, turnId, ordinal: 1, at: 1, kind: 'text', text: said, complete: false, interrupted: false }];
  const untold = ledger.turns().map((turn) => ledger.untold(turn));
  kept.reopenAfterKill();
  ledger = open();
  ledger.recall();
  assert.deepEqual(
    ledger.turns().map((turn) => ledger.untold(turn)),
    untold,
  );
  running = null;
  ledger.settleLost(1_000);
  ledger.settleLost(1_000);
  assert.deepEqual([row().tokensEstimate, ledger.turns().length], [2_000, 0]);
});

test('wherever a backend dies while it takes events in, and whatever comes again, the sum is what the program told', () => {
  const random = new Random(3);
  for (let trial = 0; trial < 25; trial += 1) {
    kept.remove();
    kept = new TestStores();
    ledger = open();
    const turnId = ids.turn();
    const told = Array.from({ length: 6 }, (_, index) => used((index + 1) * 100, (index + 1) / 8));
    const events = new Numbered(sessionId).of(turnStarted(turnId), ...told, turnEnded(turnId));
    takeInWithCrash(events, random.below(50));
    assert.deepEqual([row().tokensAgent, row().usdAgent, row().tokensEstimate], [600, 0.75, 0], `trial ${trial}`);
  }
});

/** As the intake does it: what was taken is kept in the same transaction, and all that was not comes again. */
function takeInWithCrash(events: readonly NumberedEvent[], beforeStatement: number): void {
  const { btmsg } = kept.stores;
  const crash = new CrashPoint(beforeStatement);
  crash.watch(btmsg.db);
  ledger = open();
  try {
    for (const event of events) takeOnce([event]);
  } catch (error) {
    assert.ok(crash.hasCrashed, String(error));
  }
  crash.disarm();
  kept.reopenAfterKill();
  ledger = open();
  takeOnce(events);
}

function takeOnce(events: readonly NumberedEvent[]): void {
  const { btmsg } = kept.stores;
  const place = new IntakePlace(btmsg.db);
  ledger.seen(source, events);
  const fresh = place.fresh(source.agentId, events);
  const last = fresh.at(-1);
  if (!last) return;
  btmsg.write(() => {
    for (const event of fresh) ledger.record(source, event);
    place.take(source.agentId, fresh, { reachedSeq: last.seq, at: 1_000 });
  });
}
