/** The features of the backend, as its root builds them and its doors bind them. */
import type { AgentsFeature } from './agents/compose.ts';
import type { composeFenceTrials } from './agents/fence-trials.ts';
import type { Supervisor } from './agents/supervisor.ts';
import type { IncidentMode } from './incident/incident-mode.ts';
import type { LogLevels } from './log/log-levels.ts';
import type { SessionMetrics } from './metrics/session-metrics.ts';
import type { Desktop } from './notices/desktop.ts';
import type { Notices } from './notices/notices.ts';
import type { Windows } from './notices/windows.ts';
import type { Prices } from './prices/prices.ts';
import type { Projects } from './projects/projects.ts';
import type { AgentId } from './protocol/ids.ts';
import type { Search } from './search/search.ts';
import type { Rotations } from './secrets/rotations.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { Settings } from './settings/settings.ts';
import type { ViewStates } from './views/view-states.ts';
import type { BudgetParts } from './wiring/budget-course.ts';
import type { DecisionParts } from './wiring/decision-course.ts';
import type { ServiceParts } from './wiring/service-course.ts';
import type { Teamwork } from './wiring/teamwork.ts';
import type { WorktreeParts } from './wiring/worktree-course.ts';

export type Parts = {
  readonly projects: Projects;
  readonly views: ViewStates;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly rotations: Rotations;
  readonly levels: LogLevels;
  readonly supervisor: Supervisor;
  readonly agents: AgentsFeature;
  readonly fences: ReturnType<typeof composeFenceTrials>;
  readonly spending: BudgetParts;
  readonly incident: IncidentMode;
  readonly decisions: DecisionParts;
  readonly teamwork: Teamwork;
  readonly metrics: SessionMetrics;
  readonly prices: Prices;
  /** Also of one that was removed; empty for one that nobody knows. */
  readonly agentName: (id: AgentId) => string;
  readonly search: Search;
  readonly notices: Notices;
  readonly windows: Windows;
  readonly desktop: Desktop;
  readonly workspaces: WorktreeParts;
  readonly service: ServiceParts;
};
