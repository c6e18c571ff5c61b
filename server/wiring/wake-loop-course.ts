/** The part of the root that knows whether a manager that is woken for the same again has anything new to see. */
import type { AuditLog } from '../audit/audit-log.ts';
import { wakesHold } from '../budgets/hold-text.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Wake } from '../protocol/wake.ts';
import type { TeamsFeature } from '../teams/compose.ts';
import { reasonsOf, repeatedWakes, repeatsItself } from '../wake/wake-loop.ts';
import type { BudgetParts } from './budget-course.ts';

type WakeLoopParts = {
  readonly setting: Setting;
  readonly audit: AuditLog;
  readonly teams: Pick<TeamsFeature, 'profiles'>;
  readonly spending: () => BudgetParts;
  readonly projectOf: (id: AgentId) => ProjectId;
};

type Before = { readonly earlier: readonly Wake[]; readonly isNews: boolean };

/** What is done to the board, to mail, to the team, or by a person. */
const changes: ReadonlySet<AuditEvent> = new Set<AuditEvent>([
  'message_sent',
  'task_created',
  'task_status_changed',
  'task_edited',
  'task_assigned',
  'task_commented',
  'task_removed',
  'approval_answered',
  'agent_registered',
  'agent_removed',
  'agent_resumed',
  'groups_applied',
  'worktree_merged',
]);

/** Holds the wakes of an agent when they come to nothing, and lets them go on as soon as something has changed. */
export function mayWakeAgain(wake: Wake, { earlier, isNews }: Before, parts: WakeLoopParts): boolean {
  const { agentId } = wake;
  const { budgets } = parts.spending();
  const isLoop = !isNews && parts.setting('loops.breaker') && repeatsItself(wake, earlier, budgets.wakesFreshFrom(agentId));
  if (!isLoop || hasChanged(agentId, earlier[repeatedWakes - 1]?.decidedAt ?? 0, parts)) {
    budgets.letWake(agentId, 'something has changed');
    return true;
  }
  budgets.holdWakes(agentId, wakesHold([reasonsOf(wake)], repeatedWakes, wake.decidedAt));
  return false;
}

/** Teammates that work, messages, tasks, and files that were written. */
function hasChanged(agentId: AgentId, since: number, { audit, teams, spending, projectOf }: WakeLoopParts): boolean {
  const { teamId } = teams.profiles.of(agentId);
  const team = new Set<string>(teams.profiles.all().flatMap((profile) => (profile.teamId === teamId ? [profile.agentId] : [])));
  const isChange = ({ event, agentId: by }: { readonly event: string; readonly agentId: string | null }) => {
    if (by !== null && !team.has(by)) return false;
    // Each event of the log is one of ours, or of a newer build and then none of these.
    return changes.has(event as AuditEvent) || (event === 'turn_started' && by !== agentId);
  };
  return spending().loops.wroteSince(projectOf(agentId), since) || audit.happenedSince(since, isChange);
}
