/** Who is held by what, told once, ended in time, and let go by a person, a raise, or the next day. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { BudgetBook } from '../../../server/budgets/budget-book.ts';
import { type BudgetNews, Budgets } from '../../../server/budgets/budgets.ts';
import { Holds } from '../../../server/budgets/holds.ts';
import { Ledger } from '../../../server/budgets/ledger.ts';
import { LoopKeeper } from '../../../server/budgets/loop-keeper.ts';
import { TurnStops } from '../../../server/budgets/turn-stops.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { Limit } from '../../../server/protocol/budget.ts';
import type { AgentId, ItemId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { auditEvents, hashOf, TestStores } from '../../support/test-stores.ts';
import { ids, Numbered, text, turnEnded, turnStarted } from '../../support/transcripts.ts';

const projectId = newId<ProjectId>();
const agents = ['one', 'two'].map((name) => ({ id: newId<AgentId>(), projectId, name, project: 'shop' }));
const [one, two] = agents.map(({ id }) => id) as [AgentId, AgentId]; // Both are there, by the line above.
const dayMs = 24 * 3_600_000;

let kept: TestStores;
let clock: FakeClock;
let limits: Record<string, Limit>;
let ignores: boolean;
let stopped: string[];
let news: BudgetNews[];
let ledger: Ledger;
let budgets: Budgets;
let loops: LoopKeeper;
const numbered = new Map<AgentId, Numbered>();
const busy = new Set<AgentId>();

beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  [limits, ignores, stopped, news] = [{ 'agent usd': 10, 'total usd': 50, 'turn usd': 100 }, false, [], []];
  busy.clear();
  for (const { id } of agents) numbered.set(id, new Numbered(newId<SessionId>()));
  open();
});
afterEach(() => kept.remove());

function open(): void {
  const { btmsg: file, audit } = kept.stores;
  const now = () => clock.now();
  ledger = new Ledger({ file, knownUsage: () => null, runningTurn: () => null, items: () => [] });
  const book = new BudgetBook({
    file,
    audit,
    ledger,
    now,
    agents: () => agents,
    defaults: (scope, unit) => limits[`${scope} ${unit}`] ?? 'none',
  });
  const stops = new TurnStops({
    ...{ clock, log: () => {}, look: () => budgets.look() },
    interrupt: async (id) => {
      stopped.push('interrupt');
      if (!ignores) busy.delete(id);
    },
    end: async (id) => {
      stopped.push('end');
      busy.delete(id);
    },
  });
  const holds = new Holds({ file, audit, now });
  loops = new LoopKeeper({ file, clock, hashOf, log: () => {} });
  const shell = { book, ledger, holds, loops: loops.watch, stops, clock, log: () => {} };
  budgets = new Budgets({ ...shell, breaksLoops: () => true, agents: () => agents, hasTurn: (id) => busy.has(id) });
  budgets.news.on((each) => news.push(each));
}

function does(id: AgentId, ...events: AgentEvent[]): void {
  const source = { agentId: id, projectId };
  for (const each of numbered.get(id)?.of(...events) ?? []) {
    const event = { ...each, at: clock.now() };
    if (event.event.type === 'turnStarted') busy.add(id);
    if (event.event.type === 'turnEnded') busy.delete(id);
    ledger.seen(source, [event]);
    kept.stores.btmsg.write(() => ledger.record(source, event));
    budgets.onEvent(source, event.event, event.at);
  }
}

function cost(costUsd: number): AgentEvent {
  const none = { cacheReadTokens: null, cacheWriteTokens: null, contextTokens: null, contextWindowTokens: null };
  return { type: 'usage', usage: { inputTokens: 1, outputTokens: 1, costUsd, ...none } };
}

function call(input: unknown, result: string, id = newId<ItemId>()): AgentEvent[] {
  const content = [{ type: 'text' as const, text: result }];
  return [
    { type: 'toolStarted', itemId: id, parentItemId: null, name: 'Bash', title: String(input), kind: 'execute', input, content: [] },
    { type: 'toolEnded', itemId: id, status: 'ok', content },
  ];
}

test('a person is warned at 80 % and told at 100 %, once each, and then no turn of the agent may begin', () => {
  for (const usd of [7, 8, 9, 10, 11]) does(one, cost(usd));
  assert.deepEqual(
    news.map((each) => [each.kind, each.agentId]),
    [
      ['near', one],
      ['reached', one],
    ],
  );
  assert.deepEqual([budgets.isHeld(one), budgets.isHeld(two)], [true, false]);
  open();
  assert.equal(budgets.isHeld(one), true, 'also after a restart');
  const told = auditEvents(kept.stores).filter((event) => event.startsWith('budget_'));
  assert.deepEqual(told, ['budget_warned', 'budget_reached']);
});

test('the budget of all holds everybody, and ends the turns of those who work', () => {
  limits['agent usd'] = 'none';
  does(two, turnStarted(ids.turn()));
  does(one, cost(50));
  assert.deepEqual([budgets.isHeld(one), budgets.isHeld(two), stopped], [true, true, ['interrupt']]);
});

test('a day later nobody is held any more, neither by the day nor by a turn', () => {
  limits['turn usd'] = 5;
  const turn = ids.turn();
  does(one, turnStarted(turn), cost(11), turnEnded(turn, 'interrupted'));
  assert.equal(budgets.holdOf(one)?.budget?.scope, 'turn');
  budgets.start();
  clock.advance(dayMs);
  assert.equal(budgets.holdOf(one), null);
  budgets.close();
});

test('one raise lifts every budget that holds the agent, today only or for good', () => {
  limits['turn usd'] = 5;
  const turn = ids.turn();
  does(one, turnStarted(turn), cost(11), turnEnded(turn, 'interrupted'));
  const changed: AgentId[] = [];
  budgets.changed.on((id) => changed.push(id));
  budgets.raise(one, 'halfToday', 'cli');
  assert.deepEqual([budgets.holdOf(one), changed], [null, [one]]);
  assert.throws(() => budgets.raise(one, 'halfToday', 'cli'), { code: 'refused', message: /No budget holds one\./ });
  const agent = budgets.list(one).find(({ scope, unit }) => scope === 'agent' && unit === 'usd');
  assert.deepEqual([agent?.limit, agent?.limitFrom], [15, 'today']);
});

test('a limit that is lower than what was spent holds at once, and none lets go', () => {
  does(one, cost(3));
  limits['agent usd'] = 2;
  budgets.look();
  assert.equal(budgets.isHeld(one), true);
  limits['agent usd'] = 'none';
  budgets.look();
  assert.equal(budgets.isHeld(one), false);
});

test('text that comes in one piece and is the last for long ends a turn that is used up within a second or so', async () => {
  limits = { 'turn tokens': 1 };
  does(one, turnStarted(ids.turn()), text(ids.item(), 0, 'all at once'));
  assert.deepEqual(stopped, []);
  clock.advance(1_000);
  assert.deepEqual(stopped, ['interrupt']);
});

test('a program that does not heed two interrupts is ended', async () => {
  ignores = true;
  does(one, turnStarted(ids.turn()), cost(10));
  for (let step = 0; step < 3; step += 1) {
    clock.advance(10_001);
    await Promise.resolve();
  }
  assert.deepEqual(stopped, ['interrupt', 'interrupt', 'end']);
});

test('the same call five times over holds the agent until a person resumes it, and what changed in between begins anew', () => {
  does(one, turnStarted(ids.turn()), ...Array.from({ length: 4 }, () => call('npm test', 'failed')).flat());
  does(one, { type: 'mailSeen', messageIds: [] });
  does(one, ...Array.from({ length: 4 }, () => call('npm test', 'failed')).flat());
  assert.equal(budgets.holdOf(one), null);
  does(one, ...call('npm test', 'failed'));
  const hold = budgets.holdOf(one);
  assert.deepEqual([hold?.kind, hold?.times, hold?.calls, stopped], ['loop', 5, ['Bash: npm test'], ['interrupt']]);
  open();
  assert.equal(budgets.isHeld(one), true);
  budgets.letGo(one, 'cli');
  assert.equal(budgets.isHeld(one), false);
  assert.deepEqual(auditEvents(kept.stores).slice(-2), ['agent_held', 'agent_let_go']);
});

test('what was counted is counted on by the next backend, after an end in order and after a kill', () => {
  for (const end of [() => loops.close(), () => clock.advance(1_000)]) {
    does(one, turnStarted(ids.turn()), ...Array.from({ length: 4 }, () => call('npm test', 'failed')).flat());
    end();
    open();
    assert.equal(budgets.isHeld(one), false);
    does(one, ...call('npm test', 'failed'));
    assert.equal(budgets.holdOf(one)?.kind, 'loop');
    budgets.letGo(one, 'cli');
    does(one, turnEnded(ids.turn()));
  }
});

test('what changed, and the end of a turn, hold for the next backend too', () => {
  const four = () => Array.from({ length: 4 }, () => call('npm test', 'failed')).flat();
  does(one, turnStarted(ids.turn()), ...four(), { type: 'mailSeen', messageIds: [] });
  loops.watch.changed(projectId, 5);
  loops.close();
  open();
  assert.deepEqual([loops.watch.wroteSince(projectId, 5), loops.watch.wroteSince(projectId, 6)], [true, false]);
  does(one, ...four());
  assert.equal(budgets.isHeld(one), false);
  does(one, turnEnded(ids.turn()));
  loops.close();
  open();
  assert.equal(loops.watch.counted(one), undefined);
});

test('another result is no loop, and neither are files that another agent writes meanwhile', () => {
  does(one, turnStarted(ids.turn()), ...Array.from({ length: 20 }, (_, index) => call('npm test', `failed ${index}`)).flat());
  does(two, turnStarted(ids.turn()));
  const edit = (): AgentEvent => {
    const call = { itemId: newId<ItemId>(), parentItemId: null, name: 'Edit', title: 'a.ts', kind: 'edit', input: {} } as const;
    return { type: 'toolStarted', ...call, content: [] };
  };
  for (let round = 0; round < 10; round += 1) {
    does(one, ...call('npm test', 'failed'));
    if (round % 3 === 2) does(two, edit());
  }
  assert.equal(budgets.isHeld(one), false);
});

test('an agent that is removed leaves no hold and no limit, and what it spent stays of the day', () => {
  does(one, cost(10));
  budgets.forget(one);
  assert.equal(budgets.ofAll().find(({ unit }) => unit === 'usd')?.spent.amount, 10);
});
