/** Everything that needs the person, in order, each with its reason and what can be done about it. Pure. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { FleetState } from '../fleet/fleet-model.ts';
import type { TeamworkState } from '../fleet/teamwork-model.ts';
import type { Translate } from '../text/translate.ts';
import { agentNeeds, isUrgent, type Need, type NeedKind } from './agent-needs.ts';

/** `argument`: what the command is run on. */
export type NeedAction = {
  readonly command: string;
  readonly title: string;
  readonly icon: string;
  readonly argument?: { readonly kind: 'agent'; readonly id: string };
};

export type NeedEntry = {
  /** The same for as long as it is about the same. */
  readonly key: string;
  readonly agentId: string | undefined;
  readonly icon: string;
  readonly title: string;
  /** Its project; empty for what is in none. */
  readonly place: string;
  readonly score: number;
  /** Of two that need the person as much, the one that has waited longer comes first; 0 where nobody knows. */
  readonly since: number;
  readonly reason: string;
  /** The first is what the entry itself does. */
  readonly actions: readonly [NeedAction, ...NeedAction[]];
};

export type NeedsInput = { readonly fleet: FleetState; readonly teamwork: TeamworkState };

const problemScore = 110;
const heldScore = 65;
const deadLetterScore = 60;

export function needEntries(input: NeedsInput, t: Translate): NeedEntry[] {
  const entries = [...problems(input, t), ...mail(input, t), ...input.fleet.agents.flatMap((agent) => agentEntry(input, agent, t) ?? [])];
  return entries.sort((a, b) => b.score - a.score || a.since - b.since || a.title.localeCompare(b.title) || a.key.localeCompare(b.key));
}

export function needsOfAgent({ fleet, teamwork }: NeedsInput, agent: Agent, t: Translate): Need[] {
  const teammate = teamwork.teammates.find(({ agentId }) => agentId === agent.id);
  const approvals = fleet.approvals.filter(({ agentId }) => agentId === agent.id);
  return agentNeeds({ agent, teammate, approvals }, t);
}

export type FleetCounts = {
  readonly agents: number;
  readonly working: number;
  readonly stalled: number;
  /** Of all that is urgent, what is not stalled. */
  readonly needing: number;
};

/** Each agent counts once, and one that needs the person not as working. */
export function countFleet({ fleet, teamwork }: NeedsInput, entries: readonly NeedEntry[]): FleetCounts {
  const urgent = entries.filter(isUrgent);
  const urgentIds = new Set(urgent.map(({ agentId }) => agentId));
  const active = new Set(teamwork.teammates.filter(({ activity }) => activity === 'running').map(({ agentId }) => agentId as string));
  const working = fleet.agents.filter(({ id, state }) => (state === 'running' || active.has(id)) && !urgentIds.has(id));
  const stalledIds = new Set(teamwork.teammates.filter(({ activity }) => activity === 'stalled').map(({ agentId }) => agentId as string));
  const stalled = urgent.filter(({ agentId }) => agentId !== undefined && stalledIds.has(agentId)).length;
  return { agents: fleet.agents.length, working: working.length, stalled, needing: urgent.length - stalled };
}

export const needIcons: Record<NeedKind, string> = {
  stall: 'warning',
  approval: 'bell-dot',
  credentials: 'key',
  budget: 'debug-pause',
  loop: 'sync-ignored',
  error: 'error',
  context: 'dashboard',
  conflict: 'git-merge',
  refused: 'circle-slash',
  review: 'checklist',
};

function agentEntry(input: NeedsInput, agent: Agent, t: Translate): NeedEntry | undefined {
  const needs = needsOfAgent(input, agent, t);
  const [first] = needs;
  if (!first) return undefined;
  const [action, ...others] = needs.flatMap(({ kind }) => actionsOf(kind, agent.id, t));
  return {
    key: agent.id,
    agentId: agent.id,
    icon: needIcons[first.kind],
    title: agent.name,
    place: input.fleet.projects.find(({ id }) => id === agent.projectId)?.name ?? '',
    score: first.score,
    since: first.kind === 'approval' ? (input.fleet.approvals.find(({ agentId }) => agentId === agent.id)?.askedAt ?? 0) : 0,
    reason: needs.map(({ reason }) => reason).join(' '),
    actions: action ? onceEach([action, ...others, openChat(agent.id, t)]) : [openChat(agent.id, t)],
  };
}

function onceEach([first, ...others]: readonly [NeedAction, ...NeedAction[]]): readonly [NeedAction, ...NeedAction[]] {
  const known = new Set([first.command]);
  const rest = others.filter(({ command }) => !known.has(command) && known.add(command));
  return [first, ...rest];
}

function openChat(id: string, t: Translate): NeedAction {
  return { command: 'agor.openChat', title: t('Open Chat'), icon: 'comment-discussion', argument: { kind: 'agent', id } };
}

/** What a person does about it first, and what else they may want to do then. */
function actionsOf(kind: NeedKind, id: string, t: Translate): NeedAction[] {
  const argument = { kind: 'agent', id } as const;
  const restart = { command: 'agor.restartAgent', title: t('Restart Agent'), icon: 'debug-restart', argument };
  const actions: Record<NeedKind, NeedAction[]> = {
    stall: [openChat(id, t), { command: 'agor.interruptAgent', title: t('Interrupt'), icon: 'debug-stop', argument }, restart],
    approval: [{ command: 'agor.answerApproval', title: t('Answer Approval'), icon: 'bell-dot', argument }],
    credentials: [
      { command: 'agor.changeCredentials', title: t('Change Credentials'), icon: 'key', argument },
      { command: 'agor.rotateSecret', title: t('Rotate Secret'), icon: 'sync' },
    ],
    budget: [
      { command: 'agor.raiseBudget', title: t('Raise Budget…'), icon: 'arrow-up', argument },
      { command: 'agor.showBudgets', title: t('Show Budgets'), icon: 'dashboard' },
    ],
    loop: [{ command: 'agor.resumeAgent', title: t('Resume'), icon: 'debug-continue', argument }],
    error: [openChat(id, t), restart],
    context: [openChat(id, t), { command: 'agor.newSession', title: t('New Session'), icon: 'add', argument }],
    conflict: [{ command: 'agor.showConflicts', title: t('Show Conflicting Files'), icon: 'git-merge', argument }],
    refused: [{ command: 'agor.showRefusedEvents', title: t('Show Refused Events'), icon: 'circle-slash', argument }],
    review: [{ command: 'agor.openBoard', title: t('Open Board'), icon: 'checklist' }],
  };
  return actions[kind];
}

function problems({ fleet }: NeedsInput, t: Translate): NeedEntry[] {
  return (fleet.health?.problems ?? []).map((problem) => ({
    ...{
      key: `problem ${problem}`,
      agentId: undefined,
      icon: 'warning',
      title: t('Backend'),
      place: '',
      score: problemScore,
      since: 0,
      reason: problem,
    },
    actions: [{ command: 'agor.showHealth', title: t('Show Health'), icon: 'pulse' }],
  }));
}

function mail({ teamwork: { held, deadLetters } }: NeedsInput, t: Translate): NeedEntry[] {
  const open: NeedAction = { command: 'agor.messages.focus', title: t('Open Messages'), icon: 'mail' };
  const common = { agentId: undefined, place: '', since: 0, actions: [open] } as const;
  const entries: NeedEntry[] = [];
  if (held.length > 0) {
    const title = held.length === 1 ? t('1 text is held back') : t('{0} texts are held back', held.length);
    entries.push({
      ...common,
      key: 'held',
      icon: 'shield',
      title,
      score: heldScore,
      reason: t('The screening waits for your word on it.'),
    });
  }
  if (deadLetters.length > 0) {
    const title = deadLetters.length === 1 ? t('1 message was not delivered') : t('{0} messages were not delivered', deadLetters.length);
    const reason = t('It can be delivered again or discarded.');
    entries.push({ ...common, key: 'deadLetters', icon: 'mail', title, score: deadLetterScore, reason });
  }
  return entries;
}
