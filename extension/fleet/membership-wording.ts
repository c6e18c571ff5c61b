/** What the tree says about an agent's place in its team: its role, and what waits for it. */
import type { AgentRole } from '../../server/protocol/team.ts';
import type { Translate } from '../text/translate.ts';
import { percent, timeAgo } from '../text/wording.ts';
import type { Membership } from './teamwork-model.ts';

export function roleWord(role: AgentRole, t: Translate): string {
  const words: Record<AgentRole, string> = {
    manager: t('Manager'),
    architect: t('Architect'),
    tester: t('Tester'),
    reviewer: t('Reviewer'),
    project: t('Project agent'),
  };
  return words[role];
}

/** Only what is worth a look: the role that everyone has, and counts of nothing, are left out. */
export function describeMembership({ profile, teammate }: Membership, t: Translate): string[] {
  const phrases = profile && profile.role !== 'project' ? [roleWord(profile.role, t)] : [];
  if (!teammate) return phrases;
  const { unread, owed } = teammate;
  if (unread > 0) phrases.push(t('{0} unread', unread));
  if (owed > 0) phrases.push(owed === 1 ? t('owes 1 reply') : t('owes {0} replies', owed));
  return phrases;
}

/** Names and values for the tooltip. */
export function membershipFacts({ profile, teammate }: Membership, nowMs: number, t: Translate): [string, string][] {
  const pressure = teammate?.vitals.contextPressure;
  const burn = teammate?.vitals.burnUsdPerHour;
  const facts: [string, string | null][] = [
    [t('Role'), profile ? `${roleWord(profile.role, t)}, ${t('tier {0}', profile.tier)}` : null],
    [t('Messages'), teammate ? `${t('{0} unread', teammate.unread)}, ${t('{0} to answer', teammate.owed)}` : null],
    [t('Context'), pressure == null ? null : t('{0} full', percent(pressure))],
    [t('Cost per hour'), burn == null ? null : `$${burn.toFixed(2)}`],
    [t('Idle since'), teammate?.vitals.idleSince == null ? null : timeAgo(teammate.vitals.idleSince, nowMs, t)],
    [t('Last heard from'), teammate?.lastHeartbeatAt == null ? null : timeAgo(teammate.lastHeartbeatAt, nowMs, t)],
    [t('Next wake'), teammate?.nextWakeAt == null ? null : new Date(teammate.nextWakeAt).toLocaleTimeString()],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
