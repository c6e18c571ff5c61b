import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentRegistry } from '../../../server/agents/agent-registry.ts';
import { AgentStore } from '../../../server/agents/agent-store.ts';
import { Approvals } from '../../../server/agents/approvals.ts';
import { newAgent } from '../../../server/agents/new-agent.ts';
import { PromptQueue } from '../../../server/agents/prompt-queue.ts';
import { Restarts } from '../../../server/agents/restarts.ts';
import { Sessions } from '../../../server/agents/sessions.ts';
import { newId } from '../../../server/base/uuid.ts';
import { Heartbeats } from '../../../server/health/heartbeats.ts';
import { Projects } from '../../../server/projects/projects.ts';
import { type AgentId, PartyId, type ProjectId, type RunId, type SessionId, TeamId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import { defaultSettings, type Setting } from '../../../server/protocol/settings.ts';
import { Settings } from '../../../server/settings/settings.ts';
import type { Database } from '../../../server/store/open-database.ts';
import { type Cell, rowHash } from '../../../server/store/row-hash.ts';
import { Tasks } from '../../../server/tasks/tasks.ts';
import { Wakes } from '../../../server/wake/wakes.ts';
import { useBudgets, useContainment, useDecisions, useRetention, useWorktrees } from '../../support/contained-records.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MessagingWorld, person } from '../../support/messaging-world.ts';
import { agentProfile, wakeFacts } from '../../support/team-samples.ts';
import { shopGroup, TeamsWorld } from '../../support/teams-world.ts';
import { hashOf, TestStores } from '../../support/test-stores.ts';
import { ids, Numbered, permissionRequest, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

const cells: readonly (readonly Cell[])[] = [
  [],
  [null],
  [''],
  [0],
  ['0'],
  ['null'],
  [null, null],
  ['', ''],
  ['ab', 'c'],
  ['a', 'bc'],
  ['abc'],
  [1, 23],
  [12, 3],
  ['n0:'],
  ['s1:a', 's1:b'],
  ['s1:as1:b'],
  [1.5],
  [-1],
  ['é'],
  ['e\u0301'],
];

test('no two different rows have the same hash', () => {
  assert.equal(new Set(cells.map(rowHash)).size, cells.length);
});

let kept: TestStores;
beforeEach(() => {
  kept = new TestStores();
});
afterEach(() => kept.remove());

test('each row of record has the hash of all its columns, whatever was done with it', () => {
  const agentId = useProjectsAndAgents();
  useRuns(agentId);
  useSessions(agentId);
  useApprovals(agentId);
  useSettings();
  useRestarts(agentId);
  useTasks();
  useHeartbeats(agentId);
  useWakes(agentId);
  useMessages();
  useTeams();
  useContainment(kept.stores, agentId);
  useWorktrees(kept.stores, agentId);
  useDecisions(kept.stores, agentId);
  useBudgets(kept.stores, agentId);
  useRetention(kept.stores);
  const { sessions, btmsg } = kept.stores;
  const checked = [...tablesWithHashes(sessions.db), ...tablesWithHashes(btmsg.db)].map(({ db, table }) => [table, checkTable(db, table)]);
  const kinds = { agents: 6, agent_settings: 6, approvals: 3, items: 5, projects: 3, prompts: 3, runs: 2, sessions: 2, settings: 1 };
  const health = { heartbeats: 1, wakes: 2, wake_plans: 1 };
  const teams = { agent_profiles: 3, groups: 1, group_projects: 2, contacts: 6 };
  const messages = { attachments: 1, channel_members: 2, channels: 1, dead_letter_queue: 5, deliveries: 9, messages: 9, seen_messages: 1 };
  const tasks = { task_comments: 2, tasks: 3 };
  const contained = { capability_revocations: 1, incident: 1, worktrees: 2, worktree_leases: 1 };
  const decided = { approval_rules: 1, approval_terms: 3, approval_values: 1, agent_modes: 1 };
  const loops = { loop_counts: 1, loop_writes: 1 };
  const budgets = { budget_alerts: 2, budget_ledger: 1, budget_limits: 3, budget_sessions: 1, budget_turns: 1, holds: 2, ...loops };
  const archived = { message_archives: 1, housekeeping: 1, transcript_archives: 1, archived_items: 1 };
  const others = { ...archived, ...teams, ...messages, ...tasks, ...contained, ...decided, ...budgets, secret_names: 0, supervision: 1 };
  assert.deepEqual(Object.fromEntries(checked), { ...kinds, ...health, ...others });
});

const now = () => 100;

function useRestarts(agentId: AgentId): void {
  const { btmsg: file, audit } = kept.stores;
  const setting: Setting = (name) => defaultSettings[name];
  const restarts = new Restarts({ file, audit, setting, clock: new FakeClock(), restart: async () => {}, goOn: () => {}, log: () => {} });
  for (const lastError of ['boom', 'bang']) {
    restarts.cameUp(agentId, 10 ** 9);
    restarts.crashed(agentId, lastError);
  }
}

function useHeartbeats(agentId: AgentId): void {
  const { btmsg: file, audit } = kept.stores;
  const setting: Setting = (name) => defaultSettings[name];
  const heartbeats = new Heartbeats({ file, audit, setting, clock: new FakeClock(), shouldBeUp: () => true, log: () => {} });
  const gone = newId<AgentId>();
  for (const id of [agentId, gone]) heartbeats.beat(id);
  heartbeats.setStatus(agentId, 'sleeping');
  heartbeats.forget(gone);
}

function useWakes(agentId: AgentId): void {
  const { btmsg: file, audit } = kept.stores;
  const clock = new FakeClock();
  const manager = agentProfile({ agentId, role: 'manager', wakeStrategy: 'persistent' });
  const wakes = new Wakes({
    ...{ file, audit, clock, managers: () => [manager], profile: () => manager, facts: () => wakeFacts() },
    ...{ mayWake: () => true, isBusy: () => false, giveWake: () => {}, promptState: () => 'queued' as const, log: () => {} },
    mayFollow: () => true,
  });
  wakes.start();
  clock.advance(200_000);
  wakes.close();
  const { promptId } = wakes.wakeNow(agentId, 'cli');
  wakes.turnStarted(agentId, [promptId]);
  wakes.turnEnded(agentId, 'completed');
  wakes.promptDropped(wakes.wakeNow(agentId, 'cli').promptId);
}

/** A group that is declared, changed and partly left; what a person set besides. */
function useTeams(): void {
  for (const name of ['shop', 'stock']) kept.folder(name);
  const world = new TeamsWorld(kept);
  world.apply(shopGroup());
  world.directory.allow(world.party('shop'), world.party('lead'), partyIds.person);
  world.directory.allow(world.party('shop'), world.party('stock-room'), partyIds.person);
  world.teams.profiles.configure(world.idOf('lead'), { wakeThreshold: 0.25, stallThresholdMin: 7.5 }, 'cli');
  world.apply(shopGroup({ name: 'Shops', agents: [{ id: 'a1', name: 'boss', role: 'manager', provider: 'demo' }] }));
}

function useSettings(): void {
  const { db } = kept.stores.sessions;
  const settings = new Settings({ db, write: (work) => kept.stores.sessions.write(work), audit: () => {}, now });
  settings.put({ 'turns.max': 3, 'agent.idleMinutes': 7 }, 'cli');
  settings.put({ 'turns.max': 4, 'agent.idleMinutes': null }, 'cli');
}

function useProjectsAndAgents(): AgentId {
  const { sessions, btmsg, audit } = kept.stores;
  const projects = new Projects({
    db: sessions.db,
    write: (work) => sessions.write(work),
    audit: (entry) => btmsg.write(() => audit.append(entry)),
    now,
  });
  const shop = projects.add({ path: kept.folder('shop') }, 'cli');
  projects.trust(shop.id, true, 'cli');
  projects.remove(projects.add({ path: kept.folder('gone'), trusted: true }, 'cli').id, 'cli');
  const registry = new AgentRegistry({ file: btmsg, audit, store: new AgentStore(btmsg.db), getProject: () => shop, now });
  const place = () => ({ id: newId<AgentId>(), projectId: shop.id, createdAt: 1 });
  const params = { project: 'shop', provider: 'acp', command: ['a', 'b'], environment: { A: 'b' }, model: 'opus', path: '/bin' } as const;
  const [stays, goes] = [place(), place()];
  registry.add(newAgent({ ...params, command: ['a'], name: 'stays' }, stays), 'cli');
  registry.add(newAgent({ ...params, command: ['a'], name: 'goes' }, goes), 'cli');
  registry.setPaused(stays.id, true, 'cli');
  registry.setSession(stays.id, newId<SessionId>());
  registry.remove(goes.id, 'cli');
  return stays.id;
}

function useRuns(agentId: AgentId): void {
  const store = new AgentStore(kept.stores.btmsg.db);
  const [over, open] = [newId<RunId>(), newId<RunId>()];
  for (const id of [over, open, open]) store.startRun({ id, agentId, sidecarPid: 7, build: 'b', startedAt: 5 });
  store.endRun(over, 'it ended', 9);
  store.endRun(over, 'again', 10);
  assert.deepEqual([store.run(over)?.endReason, store.openRuns().map(({ id }) => id), store.lastEnd(agentId)], ['it ended', [open], 9]);
}

function useSessions(agentId: AgentId): void {
  const { sessions: file } = kept.stores;
  const sessions = new Sessions({ file, now, hashOf, measure: () => {} });
  const prompts = new PromptQueue(file.db);
  const source = { agentId, projectId: sessions.create(agentId, newId()).projectId };
  const { id } = sessions.create(agentId, source.projectId);
  const [sent, dropped, waiting] = [ids.prompt(), ids.prompt(), ids.prompt()];
  for (const promptId of [sent, dropped, waiting]) {
    const prompt = { id: promptId, agentId, sessionId: id, text: 'go', createdAt: 1 };
    sessions.addPrompt(id, { id: promptId, text: 'go' }, (itemId) => prompts.add({ ...prompt, itemId }));
  }
  sessions.dropPrompt(id, dropped, () => prompts.markDropped(dropped));
  const [turn, tool] = [ids.turn(), ids.item()];
  const usage = {
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheWriteTokens: 4,
    contextTokens: 5,
    contextWindowTokens: 6,
    costUsd: 0.7,
  };
  const events = new Numbered(id).of(
    { type: 'sessionOpened', providerSessionId: 'p', resumed: false, model: 'opus', programVersion: null },
    turnStarted(turn, sent),
    { type: 'usage', usage },
    text(ids.item(), 0, 'a'),
    toolStarted(tool),
    turnEnded(turn),
    { type: 'toolEnded', itemId: tool, status: 'ok' },
    turnStarted(ids.turn()),
    text(ids.item(), 0, 'b'),
  );
  for (const event of events) sessions.takeIn(source, [event], () => prompts.markSent(sent));
}

function useApprovals(agentId: AgentId): void {
  const { btmsg: file, audit } = kept.stores;
  const approvals = new Approvals({ file, audit, now, hashOf });
  const [open, answered] = [ids.approval(), ids.approval()];
  const place = { agentId, projectId: newId<ProjectId>(), sessionId: newId<SessionId>(), request: permissionRequest, askedAt: 1 } as const;
  for (const id of [open, answered]) approvals.ask({ id, ...place });
  approvals.answer(answered, { decision: 'deny', actor: 'cli' });
}

function useTasks(): void {
  const { btmsg: file, audit } = kept.stores;
  const team = TeamId.parse('shop');
  const tasks = new Tasks({
    file,
    audit,
    now,
    setting: (name) => defaultSettings[name],
    clock: new FakeClock(),
    screen: (text) => ({ verdict: text.includes('held') ? 'hold' : 'deliver', findings: [] }),
    post: { toChannel: () => {}, toAgent: () => {} },
    directory: {
      party: (id) => ({ id, name: id }),
      isAgent: (id) => id === 'boss',
      find: (reference) => PartyId.parse(reference),
      roleOf: () => 'manager',
      teamOf: () => team,
      findTeam: () => team,
      teamName: (id) => id,
      members: () => [PartyId.parse('boss')],
    },
  });
  const by = { as: PartyId.parse('boss'), actor: 'agent' };
  for (const title of ['one', 'two', 'three, held']) tasks.add({ title }, by);
  tasks.edit({ task: '1', description: 'text', priority: 'high', parent: '2' }, by);
  tasks.assign({ task: '1', to: 'boss' }, by);
  tasks.move({ task: '1', state: 'todo', before: '2' }, by);
  tasks.move({ task: '1', state: 'review' }, by);
  for (const text of ['fine', 'held']) tasks.comment({ task: '1', text }, by);
  for (const { id } of tasks.heldTexts.held()) tasks.heldTexts.discard(id, 'cli');
  tasks.remove({ task: '2' }, by);
}

function tablesWithHashes(db: Database): { db: Database; table: string }[] {
  const found =
    "select m.name from sqlite_master m join pragma_table_info(m.name) c on c.name = 'row_hash' where m.type = 'table' order by 1";
  return db
    .prepare<[], string>(found)
    .pluck()
    .all()
    .map((table) => ({ db, table }));
}

/** How many rows were checked. */
function checkTable(db: Database, table: string): number {
  const rows = db.prepare<[], Record<string, Cell>>(`select * from ${table}`).all();
  for (const { row_hash: hash, ...row } of rows)
    assert.equal(hash, rowHash(Object.values(row)), `a row of ${table}: ${JSON.stringify(row)}`);
  return rows.length;
}

function useMessages(): void {
  const world = new MessagingWorld(kept);
  const [lead, builder] = [world.add('lead', { role: 'manager' }), world.add('builder')];
  const { channels, held, deadLetters, endings } = world.messaging;
  channels.create({ name: 'talk', members: ['lead', 'builder'] }, { party: PartyId.parse(lead.id), actor: 'agent' });
  const question = world.send(lead, builder, 'a', { attachments: [{ name: 'a', base64: 'YQ==' }] });
  world.giveTurn(builder, 'crashed');
  world.reply(builder, question);
  world.send(builder, '#talk', 'b');
  held.release(world.send(builder, lead, 'HOLD c').id, 'cli');
  held.discard(world.send(builder, lead, 'HOLD d').id, 'cli');
  world.clock.advance(10 ** 9);
  endings.sweep();
  const [letter] = deadLetters.list({});
  if (letter) deadLetters.redeliver(letter.id, person);
  world.messaging.close();
}
