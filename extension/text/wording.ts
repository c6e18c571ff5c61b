/** Small phrases that several views share: counts, states, times. */
import type { Agent, AgentState, Provider } from '../../server/protocol/agent.ts';
import type { ActivityState } from '../../server/protocol/attention.ts';
import type { Translate } from './translate.ts';

export function stateWord(state: AgentState, t: Translate): string {
  const words: Record<AgentState, string> = {
    stopped: t('Stopped'),
    starting: t('Starting'),
    idle: t('Ready'),
    running: t('Working'),
    waitingForApproval: t('Waiting for your approval'),
    waitingForCredentials: t('Waiting for credentials'),
    waitingForTurn: t('Waiting for a free turn'),
    held: t('Paused by budget or loop breaker'),
    restarting: t('Restarting'),
    sleeping: t('Asleep'),
    offline: t('Offline'),
    failed: t('Failed'),
  };
  return words[state];
}

export function providerName(provider: Provider, t: Translate): string {
  const names: Record<Provider, string> = { demo: t('Demo agent'), claude: 'Claude Code', codex: 'Codex', acp: t('ACP agent') };
  return names[provider];
}

export function countApprovals(count: number, t: Translate): string {
  return count === 1 ? t('1 approval') : t('{0} approvals', count);
}

export function countAgents(count: number, t: Translate): string {
  return count === 1 ? t('1 agent') : t('{0} agents', count);
}

export function activityWord(activity: ActivityState, t: Translate): string {
  const words: Record<ActivityState, string> = { inactive: t('inactive'), running: t('running'), idle: t('idle'), stalled: t('stalled') };
  return words[activity];
}

/** The short phrase beside an agent's name. */
export function describeAgent(agent: Agent, t: Translate): string {
  const parts = [agent.paused ? t('Paused') : agent.stateDetail || stateWord(agent.state, t)];
  if (agent.openApprovals > 0 && agent.state !== 'waitingForApproval') parts.push(countApprovals(agent.openApprovals, t));
  if (agent.queuedPrompts > 0) parts.push(t('{0} queued', agent.queuedPrompts));
  return parts.join(' · ');
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** How long ago, in the one unit that tells most. */
export function timeAgo(at: number, nowMs: number, t: Translate): string {
  const minutes = Math.floor(Math.max(0, nowMs - at) / 60_000);
  if (minutes < 1) return t('just now');
  if (minutes < 60) return minutes === 1 ? t('1 minute ago') : t('{0} minutes ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? t('1 hour ago') : t('{0} hours ago', hours);
  const days = Math.floor(hours / 24);
  return days === 1 ? t('1 day ago') : t('{0} days ago', days);
}
