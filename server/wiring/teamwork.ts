/**
 * The part of the root that lets agents work together: teams, messages, the board, screening, health and wakes, each
 * given what it needs of the others as functions. The agents are built over it, so it asks for them when it needs them.
 */
import type { AgentStore } from '../agents/agent-store.ts';
import type { AgentsFeature } from '../agents/compose.ts';
import type { MailSource } from '../agents/mail-source.ts';
import { agentFolders } from '../agents/run-files.ts';
import { systemClock } from '../base/clock.ts';
import { attachmentPath } from '../base/mail-files.ts';
import { Capabilities } from '../capabilities/capabilities.ts';
import { upStatus } from '../health/agent-health.ts';
import { FleetHealth } from '../health/fleet-health.ts';
import { Heartbeats } from '../health/heartbeats.ts';
import { FormerParties } from '../importing/former-parties.ts';
import { composeMessaging, type Messaging } from '../messaging/compose.ts';
import { createScreen } from '../moderation/create-screen.ts';
import { HeldTexts } from '../moderation/held-texts.ts';
import { OrderSeals } from '../moderation/order-seals.ts';
import type { Projects } from '../projects/projects.ts';
import { AgorError } from '../protocol/errors.ts';
import { AgentId, PartyId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { ServerOptions } from '../server-options.ts';
import { Tasks } from '../tasks/tasks.ts';
import { composeTeams, type TeamsFeature } from '../teams/compose.ts';
import { mayWake } from '../wake/wake-decision.ts';
import { Wakes } from '../wake/wakes.ts';
import type { BudgetParts } from './budget-course.ts';
import { mayWakeAgain } from './wake-loop-course.ts';
import { wakeReasons } from './wake-reasons.ts';

export type TeamworkSetup = {
  readonly options: ServerOptions;
  readonly projects: Projects;
  readonly setting: Setting;
  readonly store: AgentStore;
  /** Built over this; asked for once all of it is there. */
  readonly agents: () => AgentsFeature;
  /** How many files the agent and others change at the same time, each in a folder of its own. */
  readonly neighbours: { conflictsOf(id: AgentId): number };
  /** Built over the agents; asked for once all of it is there. */
  readonly spending: () => BudgetParts;
};

export type Teamwork = ReturnType<typeof composeTeamwork>;

const now = () => Date.now();

export function composeTeamwork(setup: TeamworkSetup) {
  const { stores, warn, paths } = setup.options;
  const record = { file: stores.btmsg, audit: stores.audit, now, clock: systemClock, setting: setup.setting, log: warn };
  const seals = OrderSeals.open(paths.orderKey);
  const screen = buildScreen(setup);
  const ground: Ground = { setup, record, seals, screen };
  const teams: TeamsFeature = buildTeams(ground, (from, to) => messaging.hasWrittenTo(from, to));
  const capabilities = buildCapabilities(ground, teams, (reference, as) => messaging.isInChannel(reference, as));
  const messaging: Messaging = buildMessaging(ground, teams, {
    capabilities,
    hasProgress: (parties, sinceMs) => tasks.hasProgress(parties, sinceMs),
    heartbeat: (id) => {
      setup.agents().activity.sawLife(id);
      return heartbeats.beat(id).at;
    },
    health: (id) => ({ activity: fleet.member(id)?.activity ?? 'inactive', lastHeartbeatAt: heartbeats.lastAt(id) }),
    isStale: (id) => heartbeats.isStale(id),
  });
  const tasks = new Tasks({ ...record, directory: teams.directory, screen, post: messaging.post });
  const heartbeats = buildHeartbeats(ground);
  const fleet: FleetHealth = buildFleet(ground, { teams, tasks, messaging, heartbeats, nextWakeAt: (id) => wakes.nextAt(id) });
  const wakes = buildWakes(ground, { teams, tasks, messaging, fleet, capabilities });
  const heldTexts = new HeldTexts([messaging.held, tasks.heldTexts]);
  const mail = mailSource(messaging, wakes);
  return { teams, capabilities, messaging, tasks, heartbeats, fleet, wakes, heldTexts, screen, mail };
}

type Ground = {
  readonly setup: TeamworkSetup;
  readonly record: Pick<ServerOptions['stores'], 'audit'> & {
    readonly file: ServerOptions['stores']['btmsg'];
    readonly now: () => number;
    readonly clock: typeof systemClock;
    readonly setting: Setting;
    readonly log: ServerOptions['warn'];
  };
  readonly seals: OrderSeals;
  readonly screen: ReturnType<typeof createScreen>;
};

function buildScreen({ options: { stores, warn } }: TeamworkSetup) {
  return createScreen({
    onFailure: (error, { from, kind }) => {
      const detail = { from, kind, error: error instanceof Error ? error.message : String(error) };
      const agentId = AgentId.safeParse(from).data ?? null;
      stores.btmsg.write(() => stores.audit.append({ at: now(), event: 'screening_failed', agentId, actor: 'backend', detail }));
    },
    log: (message, err) => warn(message, { err }),
  });
}

function buildTeams({ setup, record, seals }: Ground, hasWrittenTo: (from: PartyId, to: PartyId) => boolean): TeamsFeature {
  const { options, projects, agents, store } = setup;
  const former = new FormerParties(record.file.db);
  return composeTeams({
    ...record,
    groupsFile: options.config.groupsFile,
    home: options.config.home,
    agents: {
      all: () => agents().registry.all(),
      put: (agent, actor) => agents().registry.declare(agent, actor),
      settle: () => agents().registry.settle(),
    },
    removedName: (id) => store.nameOf(id) ?? former.name(PartyId.parse(id)),
    projects: () => projects.list(),
    getProject: (id) => projects.get(id),
    addProject: (project, actor) => projects.add(project, actor),
    hasWrittenTo,
    sealFor: (id) => seals.sealFor(id),
  });
}

function buildCapabilities({ record }: Ground, teams: TeamsFeature, isInChannel: Messaging['isInChannel']): Capabilities {
  return new Capabilities({
    ...record,
    roleOf: (id) => teams.directory.roleOf(PartyId.parse(id)),
    isInChannel(reference, as) {
      try {
        return isInChannel(reference, PartyId.parse(as));
      } catch (error) {
        // Whoever is asked to answer it says what is wrong with it.
        if (error instanceof AgorError) return false;
        throw error;
      }
    },
  });
}

type OfOthers = {
  readonly capabilities: Capabilities;
  readonly hasProgress: Tasks['hasProgress'];
  readonly heartbeat: (id: AgentId) => number;
  readonly health: (id: AgentId) => { readonly activity: string; readonly lastHeartbeatAt: number | null };
  readonly isStale: (id: AgentId) => boolean;
};

function buildMessaging({ setup, record, seals, screen }: Ground, teams: TeamsFeature, others: OfOthers): Messaging {
  const { options, agents } = setup;
  return composeMessaging({
    ...record,
    directory: teams.directory,
    seals,
    screen,
    hasProgress: others.hasProgress,
    heartbeat: others.heartbeat,
    presence: (party) => {
      const id = AgentId.parse(party);
      const { kind, word } = agents().presence(id);
      return { kind, word: others.isStale(id) ? `${word}, but silent for long` : word };
    },
    isEnabled: (id) => teams.profiles.of(id).enabled && others.capabilities.has(id, 'read-mail'),
    permit: (id, method, params) => others.capabilities.require(id, method, params),
    currentSession: (id) => agents().registry.get(id).sessionId,
    statusOf: (id) => ({ status: upStatus(agents().reports.view(id).state), ...others.health(id) }),
    attachmentPath: (id, messageId, name) => attachmentPath(agentFolders(options.paths.agents, id).agentDir, messageId, name),
    register: (params, { party }) => teams.register(params, party),
  });
}

function buildHeartbeats({ setup, record }: Ground): Heartbeats {
  // Only silence in a turn means something: an idle agent has nothing to say.
  return new Heartbeats({ ...record, shouldBeUp: (id) => setup.agents().reports.view(id).state === 'running' });
}

type FleetParts = Pick<Teamwork, 'teams' | 'tasks' | 'messaging' | 'heartbeats'> & {
  readonly nextWakeAt: (id: AgentId) => number | null;
};

function buildFleet({ setup, record }: Ground, { teams, tasks, messaging, heartbeats, nextWakeAt }: FleetParts): FleetHealth {
  const { agents } = setup;
  return new FleetHealth({
    ...record,
    agents: () =>
      agents()
        .registry.all()
        .map(({ id }) => id),
    facts: (id) => agents().activity.of(id),
    profile: (id) => teams.profiles.of(id),
    reviewCount: (team) => tasks.counts(team).review,
    fileConflicts: (id) => agents().written.conflictsOf(id).length + setup.neighbours.conflictsOf(id),
    mail: (id) => ({ unread: messaging.records.deliveries.unreadCount(PartyId.parse(id)), owed: messaging.mail.owed(id).length }),
    heartbeats,
    nextWakeAt,
  });
}

type WakeParts = Pick<Teamwork, 'teams' | 'tasks' | 'messaging' | 'fleet' | 'capabilities'>;

function buildWakes({ setup, record }: Ground, parts: WakeParts): Wakes {
  const { agents } = setup;
  const { teams, capabilities } = parts;
  const { profiles } = teams;
  return new Wakes({
    ...record,
    managers: () => profiles.all().filter(({ agentId, wakeStrategy }) => wakeStrategy !== null && capabilities.has(agentId, 'be-woken')),
    profile: (id) => profiles.of(id),
    facts: (id) => wakeReasons(id, parts),
    mayWake: (id) => mayWake(agents().reports.view(id)),
    isBusy: (id) => agents().agents.isBusy(id),
    mayFollow: (wake, before) =>
      mayWakeAgain(wake, before, { ...setup, ...record, teams, projectOf: (id) => agents().registry.get(id).projectId }),
    giveWake: (id, prompt) => agents().agents.wake(id, prompt),
    promptState: (id) => agents().agents.promptState(id),
  });
}

/** What becomes of prompts concerns mail and wakes alike, and is kept in the same transaction. */
function mailSource({ mail }: Messaging, wakes: Wakes): MailSource {
  return {
    ...mail,
    unclaim(promptId) {
      mail.unclaim(promptId);
      wakes.promptDropped(promptId);
    },
    turnStarted(agentId, promptIds, moment) {
      mail.turnStarted(agentId, promptIds, moment);
      wakes.turnStarted(agentId, promptIds);
    },
    turnEnded(agentId, reason, moment) {
      mail.turnEnded(agentId, reason, moment);
      wakes.turnEnded(agentId, reason);
    },
  };
}
