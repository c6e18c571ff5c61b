/** The part of the root that builds the budgets over the agents, and tells those who have to know what becomes of them. */
import { createHash } from 'node:crypto';
import type { AgentsFeature, AgentsSetup } from '../agents/compose.ts';
import type { Supervisor } from '../agents/supervisor.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposables } from '../base/disposables.ts';
import { BudgetBook, budgetSetting } from '../budgets/budget-book.ts';
import { Budgets } from '../budgets/budgets.ts';
import { Holds } from '../budgets/holds.ts';
import { Ledger } from '../budgets/ledger.ts';
import { LoopKeeper } from '../budgets/loop-keeper.ts';
import { TurnStops } from '../budgets/turn-stops.ts';
import type { Notices } from '../notices/notices.ts';
import type { Projects } from '../projects/projects.ts';
import type { Setting } from '../protocol/settings.ts';
import type { ServerOptions } from '../server-options.ts';
import { budgetFact, heldFact } from './notice-facts.ts';
import type { Teamwork } from './teamwork.ts';

export type BudgetParts = ReturnType<typeof composeBudgets>;

type Setup = {
  readonly options: ServerOptions;
  readonly projects: Projects;
  readonly setting: Setting;
  /** Built over this; asked for once all of it is there. */
  readonly agents: () => AgentsFeature;
};

/** So much of a session is looked at to estimate what its turn has used; a longer turn is estimated by its last part. */
const recalledItems = 1_000;
const now = () => Date.now();

export function composeBudgets({ options, projects, setting, agents }: Setup) {
  const { stores, warn } = options;
  const record = { file: stores.btmsg, audit: stores.audit, now };
  const ledger = new Ledger({
    file: stores.btmsg,
    knownUsage: (id) => (agents().sessions.has(id) ? agents().sessions.get(id).usage : null),
    runningTurn: (id) => (agents().sessions.has(id) ? agents().sessions.runningTurn(id) : null),
    items: (id) => agents().sessions.page(id, undefined, recalledItems).items,
  });
  const budgeted = () =>
    agents()
      .registry.all()
      .map(({ id, projectId, name }) => ({ id, projectId, name, project: projects.get(projectId)?.name ?? '' }));
  const book = new BudgetBook({ ...record, ledger, defaults: (scope, unit) => setting(budgetSetting(scope, unit)), agents: budgeted });
  const stops = new TurnStops({
    clock: systemClock,
    interrupt: (id) => agents().interruptTurn(id),
    end: (id) => agents().renew(id),
    look: () => budgets.look(),
    log: warn,
  });
  const loopKeeper = new LoopKeeper({ file: stores.btmsg, clock: systemClock, hashOf: hashOfCall, log: warn });
  const loops = loopKeeper.watch;
  const budgets: Budgets = new Budgets({
    ...{ book, ledger, holds: new Holds(record), loops, stops },
    breaksLoops: () => setting('loops.breaker'),
    agents: budgeted,
    hasTurn: (id) => agents().hasTurn(id),
    clock: systemClock,
    log: warn,
  });
  return { ledger, book, loops, loopKeeper, budgets };
}

function hashOfCall(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64');
}

/** What the agents take of it. */
export function budgetsForAgents({ ledger, budgets }: BudgetParts): Pick<AgentsSetup, 'spending' | 'holdOf'> {
  return {
    spending: { seen: ledger.seen.bind(ledger), record: ledger.record.bind(ledger) },
    holdOf: (id) => budgets.holdOf(id),
  };
}

type Around = BudgetParts & { readonly agents: AgentsFeature; readonly supervisor: Supervisor; readonly teamwork: Teamwork };

/** Once, when all of it is built. */
export function followSpending({ ledger, budgets, loops, agents, supervisor, teamwork }: Around): void {
  const { registry, events } = agents;
  events.heard.on(({ agentId, event, at }) => {
    if (registry.has(agentId)) budgets.onEvent({ agentId, projectId: registry.get(agentId).projectId }, event, at);
  });
  budgets.changed.on((id) => agents.holdChanged(id));
  supervisor.gone.on(() => {
    ledger.settleLost(now());
    budgets.look();
  });
  registry.removed.on((id) => budgets.forget(id));
  // What an agent writes or does to the board is news, even where it says the same.
  teamwork.messaging.changed.on(({ from }) => loops.acted(from.id));
  teamwork.tasks.changed.on(({ teamId }) => {
    for (const id of teamwork.teams.directory.members(teamId)) loops.acted(id);
  });
}

/** The person has saved files: whoever works on them may do the same again for a reason. */
export function noteSaves({ loops }: BudgetParts, projects: Projects, paths: readonly string[]): void {
  for (const { id, path } of projects.list()) if (paths.some((saved) => saved.startsWith(`${path}/`))) loops.changed(id, now());
}

type Noticing = BudgetParts & { readonly notices: Notices; readonly agents: AgentsFeature; readonly warn: ServerOptions['warn'] };

/** After the agents have settled. */
export function startBudgets({ ledger, budgets, loopKeeper, notices, agents, warn }: Noticing, closing: Disposables): void {
  closing.add(
    budgets.news.on((news) => {
      const name = news.agentId && agents.registry.has(news.agentId) ? agents.registry.get(news.agentId).name : '';
      try {
        const fact = news.kind === 'held' ? heldFact(news, name) : budgetFact(news);
        if (fact) notices.raise(fact);
      } catch (err) {
        warn('a notice was not kept', { err });
      }
    }),
  );
  ledger.settleLost(now());
  budgets.look();
  closing.add(() => loopKeeper.close());
  closing.add(() => budgets.close());
  budgets.start();
}
