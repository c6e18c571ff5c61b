/** Rows of what a person took from an agent, and of the folders that agents have for themselves. */
import { Approvals } from '../../server/agents/approvals.ts';
import { newId } from '../../server/base/uuid.ts';
import { BudgetBook } from '../../server/budgets/budget-book.ts';
import { loopHold } from '../../server/budgets/hold-text.ts';
import { Holds } from '../../server/budgets/holds.ts';
import { Ledger } from '../../server/budgets/ledger.ts';
import { LoopKeeper } from '../../server/budgets/loop-keeper.ts';
import { Capabilities } from '../../server/capabilities/capabilities.ts';
import { IncidentMode } from '../../server/incident/incident-mode.ts';
import { Modes } from '../../server/permissions/modes.ts';
import { Rules } from '../../server/permissions/rules.ts';
import type { AgentId, ApprovalId, ItemId, ProjectId, SessionId, TurnId, WorktreeId } from '../../server/protocol/ids.ts';
import { HousekeepingStore } from '../../server/retention/housekeeping-store.ts';
import { ArchivedItemsStore, TranscriptArchives } from '../../server/retention/transcript-archive-store.ts';
import type { Stores } from '../../server/stores.ts';
import { WorktreeStore } from '../../server/worktrees/worktree-store.ts';
import { FakeClock } from './fake-clock.ts';
import { sampleApproval } from './protocol-samples.ts';
import { Numbered, permissionRequest, text, toolStarted, turnEnded, turnStarted } from './transcripts.ts';

const now = () => 100;

/** Two revocations, one of them taken back, and an incident that was told of twice. */
export function useContainment({ btmsg: file, audit }: Stores, agentId: AgentId): void {
  const record = { file, audit, now, clock: new FakeClock() };
  const capabilities = new Capabilities({ ...record, roleOf: () => 'project', isInChannel: () => false });
  const change = { capabilities: ['send-messages', 'add-tasks'], reason: 'it floods', actor: 'cli' } as const;
  capabilities.revoke(agentId, change);
  capabilities.grant(agentId, { ...change, capabilities: ['add-tasks'] });
  const incident = new IncidentMode({ ...record, log: () => {} });
  for (const reason of ['strange', 'stranger']) incident.begin({ forMs: 60_000, reason, actor: 'cli' });
}

/** An archive of each kind that was emptied, and housekeeping that was announced, agreed to and done. */
export function useRetention({ btmsg: file, sessions }: Stores): void {
  const store = new HousekeepingStore(file.db);
  const archive = { name: 'a.jsonl.gz', sha256: 'f', bytes: 5, count: 2, firstAt: 1, lastAt: 2, createdAt: 3, emptiedAt: null };
  const lastRun = { at: 7, archived: 2, removed: 2, removedFiles: 0, freedBytes: 0, freedPages: 3, problems: [] };
  file.write(() => {
    for (const emptiedAt of [null, 4]) {
      store.putArchive({ ...archive, emptiedAt });
      new TranscriptArchives(file.db).put({ ...archive, emptiedAt });
    }
    for (const fields of [{ announcedAt: 5 }, { agreedAt: 6 }, { lookedAt: 7, lastRun }]) store.change(fields);
  });
  const settled = sessions.db
    .prepare<[], string>('select id from items where is_open = 0 order by session_id, ordinal limit 2')
    .pluck()
    .all();
  // One after the other, so that the second changes the row of the first.
  for (const id of settled) sessions.write(() => new ArchivedItemsStore(sessions.db).remove('a.jsonl.gz', [id], 9));
}

/** A form that was filled in. */
function useAnswers({ btmsg: file, audit }: Stores, agentId: AgentId): void {
  const approvals = new Approvals({ file, audit, now, hashOf: (request) => JSON.stringify(request) });
  const field = { name: 'stage', label: 'Stage', help: null, required: true, type: 'yesNo', suggested: null } as const;
  const { id, ...asked } = sampleApproval({ agentId, request: { ...permissionRequest, form: { fields: [field] } } });
  const approvalId = newId<ApprovalId>();
  approvals.ask({ ...asked, id: approvalId });
  approvals.answer(approvalId, { decision: 'allowOnce', values: { stage: true }, actor: 'cli' });
}

/** Two calls of a turn that runs, and what another agent has written. */
function useLoops({ btmsg: file }: Stores, agentId: AgentId): void {
  const keeper = new LoopKeeper({ file, clock: new FakeClock(), hashOf: (value) => JSON.stringify(value), log: () => {} });
  const projectId = newId<ProjectId>();
  const place = { agentId, projectId };
  keeper.watch.onEvent(place, { type: 'turnStarted', turnId: newId<TurnId>(), promptIds: [] }, 1);
  for (const itemId of [newId<ItemId>(), newId<ItemId>()]) {
    keeper.watch.onEvent(place, toolStarted(itemId), 2);
    keeper.watch.onEvent(place, { type: 'toolEnded', itemId, status: 'ok' }, 3);
  }
  keeper.watch.changed(projectId, 4, agentId);
  keeper.close();
}

/** A rule that was used and one that was removed, and a mode that was set twice. */
export function useDecisions(stores: Stores, agentId: AgentId): void {
  useAnswers(stores, agentId);
  const { btmsg: file, audit } = stores;
  const record = { file, audit, now };
  const rules = new Rules(record);
  const approval = (command: string) => sampleApproval({ agentId, request: { ...permissionRequest, command } });
  const make = { effect: 'always', days: 30, folder: undefined, actor: 'cli' } as const;
  rules.used(rules.add(approval('npm test'), make).id);
  rules.remove(rules.add(approval('npm run build'), make).id, 'cli');
  const modes = new Modes(record);
  for (const mode of ['restricted', 'autonomous'] as const) modes.set({ id: agentId, name: 'demo' }, mode, 'cli');
}

/** A turn that told what it used, one that told nothing, one that runs; limits, alerts, and two agents that were held. */
export function useBudgets(stores: Stores, agentId: AgentId): void {
  useLoops(stores, agentId);
  const { btmsg: file, audit } = stores;
  const [projectId, sessionId] = [newId<ProjectId>(), newId<SessionId>()];
  const source = { agentId, projectId };
  const turns = [newId<TurnId>(), newId<TurnId>(), newId<TurnId>()];
  const ledger = new Ledger({ file, knownUsage: () => null, runningTurn: () => turns[2] ?? null, items: () => [] });
  const numbered = new Numbered(sessionId);
  const usage = {
    contextTokens: null,
    contextWindowTokens: null,
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: null,
    cacheWriteTokens: 3,
  };
  const events = turns.flatMap((turnId, index) => [
    turnStarted(turnId),
    index === 0 ? ({ type: 'usage', usage: { ...usage, costUsd: 0.3 } } as const) : text(newId<ItemId>(), 0, 'so many words'),
    ...(index < 2 ? [turnEnded(turnId)] : []),
  ]);
  for (const event of numbered.of(...events)) {
    ledger.seen(source, [event]);
    file.write(() => ledger.record(source, event));
  }
  const book = new BudgetBook({ file, audit, ledger, now, defaults: () => 'none', agents: () => [] });
  book.set({ scope: 'agent', ofId: agentId }, { usd: 0.5, tokens: 'none' }, 'cli');
  for (const [budget] of [book.all(), book.all()]) if (budget) book.raise(budget, { amount: 7, today: true, actor: 'cli' });
  for (const key of ['a', 'b', 'a']) book.tellOnce(key, { event: 'budget_warned', agentId, detail: {} });
  const holds = new Holds({ file, audit, now });
  for (const since of [1, 2]) holds.hold(agentId, loopHold({ calls: ['x'], times: 5 }, since));
  holds.lift(agentId, 'loop', { actor: 'cli', because: 'a person resumed it' });
  holds.hold(newId<AgentId>(), loopHold({ calls: ['y'], times: 5 }, 3));
}

/** Two worktrees, one of them removed, and a lease that was renewed. */
export function useWorktrees({ btmsg }: Stores, agentId: AgentId): void {
  const store = new WorktreeStore(btmsg.db);
  const projectId = newId<ProjectId>();
  const place = { top: '/a', path: '/a.worktrees/b', gitDir: '/a/.git/worktrees/b', branch: 'agor/b', base: 'main', baseCommit: 'c' };
  const own = { projectId, agentId, dependencies: 'none' as const, linked: ['x'], createdAt: 1 };
  const first = { id: newId<WorktreeId>(), ...own, ...place, removedAt: null, bundle: null };
  store.put(first);
  store.put({ ...first, removedAt: 2, bundle: { path: '/b', bytes: 3, sha256: 'd' } });
  store.put({ ...first, id: newId<WorktreeId>(), base: null });
  for (const until of [1, 2]) store.putLease({ projectId, agentId, path: 'src/', until });
}
