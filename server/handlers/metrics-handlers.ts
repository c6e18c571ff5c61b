/** Which feature answers the metrics methods. */
import type { Agents } from '../agents/agents.ts';
import type { Approvals } from '../agents/approvals.ts';
import type { Sessions } from '../agents/sessions.ts';
import type { WrittenFiles } from '../agents/written-files.ts';
import type { Handlers } from '../dispatch.ts';
import { liveMetrics } from '../metrics/live-metrics.ts';
import type { SessionMetrics } from '../metrics/session-metrics.ts';
import type { Storage } from '../metrics/storage.ts';
import type { Projects } from '../projects/projects.ts';
import type { Budget } from '../protocol/budget.ts';
import type { AgentId } from '../protocol/ids.ts';
import { keptSessionMetrics, type MeasuredSession, type SessionMetrics as Row } from '../protocol/metrics.ts';
import type { Teamwork } from '../wiring/teamwork.ts';

export type MetricsFeatures = {
  readonly metrics: Pick<SessionMetrics, 'history'>;
  readonly storage: Pick<Storage, 'report'>;
  readonly projects: Projects;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly written: Pick<WrittenFiles, 'conflictCount'>;
  readonly teamwork: Pick<Teamwork, 'fleet' | 'tasks' | 'teams'>;
  /** The budgets of all agents together. */
  readonly spentToday: () => Budget[];
  /** Of both databases' write-ahead logs, now. */
  readonly walBytes: () => number;
  /** Also of one that was removed; empty for one that nobody knows. */
  readonly agentName: (id: AgentId) => string;
};

export function metricsHandlers(features: MetricsFeatures): Pick<Handlers, Extract<keyof Handlers, `metrics/${string}`>> {
  const { metrics, storage, projects } = features;
  return {
    'metrics/history': ({ project, limit = keptSessionMetrics }) => ({
      sessions: metrics.history(projects.find(project).id, limit).map((row) => named(row, features)),
    }),
    'metrics/live': () => ({
      ...liveMetrics(fleetFacts(features), Date.now()),
      today: features.spentToday(),
      walBytes: features.walBytes(),
    }),
    'metrics/storage': () => storage.report(),
  };
}

function named(row: Row, { sessions, agentName }: MetricsFeatures): MeasuredSession {
  if (!sessions.has(row.sessionId)) return { ...row, title: '', agentId: null, agentName: '' };
  const { title, agentId } = sessions.get(row.sessionId);
  return { ...row, title, agentId, agentName: agentName(agentId) };
}

function fleetFacts({ projects, agents, approvals, written, teamwork }: MetricsFeatures) {
  const { fleet, tasks, teams } = teamwork;
  return {
    projects: projects.list(),
    agents: agents.list(undefined),
    teammates: fleet.teammates(),
    openApprovals: approvals.open().length,
    burn: (ids: readonly AgentId[]) => fleet.burn(ids),
    fileConflicts: (ids: readonly AgentId[]) => written.conflictCount(ids),
    tasks: teams.profiles.teams().map(({ id }) => tasks.counts(id)),
  };
}
