/** What the tree shows for a project or an agent, as plain values: icons, phrases, menu context, words for a screen reader. */
import type { Agent, AgentState } from '../../server/protocol/agent.ts';
import { lacksOf } from '../../server/protocol/agent-kinds.ts';
import type { ActivityState } from '../../server/protocol/attention.ts';
import { shortId } from '../../server/protocol/ids.ts';
import type { Project } from '../../server/protocol/project.ts';
import { lackWords } from '../agents/catalogue-rows.ts';
import { modeTag, modeWords } from '../agents/mode-wording.ts';
import { isUrgent, type Need } from '../attention/agent-needs.ts';
import { fencePhrase } from '../sandbox/sandbox-wording.ts';
import type { Translate } from '../text/translate.ts';
import { activityWord, countAgents, describeAgent, providerName, stateWord } from '../text/wording.ts';
import { describeMembership, membershipFacts } from './membership-wording.ts';
import type { Membership } from './teamwork-model.ts';

export type TreeRow = {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  /** Id of a theme colour; none for the usual foreground. */
  readonly iconColor: string | undefined;
  /** What `when` clauses of menus match. */
  readonly context: string;
  readonly spoken: string;
  /** Names and values for the tooltip, in this order. */
  readonly facts: readonly (readonly [string, string])[];
};

type Icon = { readonly icon: string; readonly color?: string };

/** The four ways an agent can be; each has a shape of its own, so that none needs its colour to be told. */
const activityIcons: Record<ActivityState, Icon> = {
  inactive: { icon: 'circle-outline', color: 'disabledForeground' },
  running: { icon: 'sync~spin', color: 'charts.blue' },
  idle: { icon: 'circle-filled', color: 'testing.iconPassed' },
  stalled: { icon: 'warning', color: 'list.errorForeground' },
};

const failed: Icon = { icon: 'error', color: 'list.errorForeground' };

/** What says more than that: why it does not go on, or that it is about to. */
const stateIcons: Partial<Record<AgentState, Icon>> = {
  starting: { icon: 'loading~spin' },
  waitingForApproval: { icon: 'bell-dot', color: 'list.warningForeground' },
  waitingForCredentials: { icon: 'key', color: 'list.warningForeground' },
  waitingForTurn: { icon: 'watch' },
  held: { icon: 'debug-pause', color: 'list.warningForeground' },
  restarting: { icon: 'history', color: 'list.warningForeground' },
  offline: { icon: 'debug-disconnect', color: 'disabledForeground' },
  failed,
};

/** States in which a program runs or is being started, so that stopping it means something. */
export const liveStates: readonly AgentState[] = [
  'starting',
  'idle',
  'running',
  'waitingForApproval',
  'waitingForCredentials',
  'waitingForTurn',
  'held',
];

/** `needs`: why it needs the person, the strongest reason first. */
export type AgentRowInput = { readonly agent: Agent; readonly membership: Membership; readonly needs: readonly Need[] };

export function agentRow({ agent, membership, needs }: AgentRowInput, t: Translate): TreeRow {
  const activity = activityOf(agent, membership);
  const { icon, color } = iconOf(agent, activity, needs);
  const description = [
    ...shortNeed(agent, needs),
    describeAgent(agent, t),
    ...modeTag(agent, t),
    ...describeMembership(membership, t),
  ].join(' · ');
  return {
    id: agent.id,
    label: agent.name,
    description,
    icon,
    iconColor: color,
    context: agentContext(agent),
    spoken: [t('Agent {0}', agent.name), activityWord(activity, t), description].join(', '),
    facts: [
      ...needs.map(({ reason }): [string, string] => [t('Needs you'), reason]),
      ...agentFacts(agent, t),
      ...membershipFacts(membership, Date.now(), t),
    ],
  };
}

/** What the backend found out, where it says more than the state: a tool goes on in the background, or a turn has stalled. */
function activityOf({ state }: Agent, { teammate }: Membership): ActivityState {
  if (state === 'running' || state === 'waitingForApproval') return teammate?.activity === 'stalled' ? 'stalled' : 'running';
  if (state === 'idle') return teammate?.activity === 'running' ? 'running' : 'idle';
  return state === 'starting' || state === 'waitingForTurn' ? 'idle' : 'inactive';
}

function iconOf({ state, paused }: Agent, activity: ActivityState, [first]: readonly Need[]): Icon {
  if (paused) return { icon: 'debug-pause', color: 'disabledForeground' };
  if (activity === 'stalled') return activityIcons.stalled;
  // Its last turn failed, which it is ready to forget.
  if (first?.kind === 'error') return failed;
  return stateIcons[state] ?? activityIcons[activity];
}

/** A state that says it already says it better. */
function shortNeed({ state }: Agent, [first]: readonly Need[]): string[] {
  const isSaid =
    (first?.kind === 'approval' && state === 'waitingForApproval') ||
    ((first?.kind === 'budget' || first?.kind === 'loop') && state === 'held') ||
    (first?.kind === 'credentials' && state === 'waitingForCredentials') ||
    (first?.kind === 'error' && state === 'failed');
  return first && !isSaid ? [first.short] : [];
}

type ProjectRowInput = {
  readonly project: Project;
  /** With what each needs, in the order in which they stand. */
  readonly agents: readonly { readonly name: string; readonly needs: readonly Need[] }[];
  readonly isWorkspaceFolder: boolean;
};

export function projectRow({ project, agents, isWorkspaceFolder }: ProjectRowInput, t: Translate): TreeRow {
  const urgent = agents.filter(({ needs: [first] }) => first && isUrgent(first));
  const parts = [...worst(urgent, t), agents.length === 0 ? t('no agents') : countAgents(agents.length, t)];
  if (!project.trusted) parts.push(t('not trusted'));
  const description = parts.join(' · ');
  return {
    id: project.id,
    label: project.name,
    description,
    icon: isWorkspaceFolder ? 'root-folder' : 'folder',
    iconColor: urgent.length > 0 ? 'list.warningForeground' : undefined,
    context: `project.${project.trusted ? 'trusted' : 'untrusted'}`,
    spoken: t('Project {0}, {1}', project.name, description),
    facts: [
      ...urgent.flatMap(({ name, needs: [first] }): [string, string][] => (first ? [[name, first.reason]] : [])),
      [t('Folder'), project.path],
      [t('Trusted'), project.trusted ? t('yes') : t('no')],
      [t('Id'), shortId(project.id)],
    ],
  };
}

/** The agent that needs the person most, and how many others do. */
function worst(urgent: ProjectRowInput['agents'], t: Translate): string[] {
  const [most] = [...urgent].sort((a, b) => (b.needs[0]?.score ?? 0) - (a.needs[0]?.score ?? 0));
  const [need] = most?.needs ?? [];
  if (!most || !need) return [];
  const others = urgent.length - 1;
  return [t('{0}: {1}', most.name, need.short), ...(others > 0 ? [t('{0} more', others)] : [])];
}

/** For example `agent.live.active`, `agent.resting.paused`, `agent.broken.active` or `agent.live.active.budget`. */
function agentContext(agent: Agent): string {
  const held = agent.hold?.kind === 'budget' ? '.budget' : agent.hold ? '.held' : '';
  const busy = agent.state === 'running' || agent.state === 'waitingForApproval';
  const broken = agent.state === 'failed' || agent.state === 'restarting' || agent.state === 'offline';
  const life = liveStates.includes(agent.state) ? (busy ? 'busy' : 'live') : broken ? 'broken' : 'resting';
  return `agent.${life}.${agent.paused ? 'paused' : 'active'}${held}`;
}

/** What one has to do without with it. */
function lackPhrase(agent: Agent, t: Translate): string | null {
  const lacks = lacksOf(agent);
  return lacks.length === 0 ? null : lacks.map((trait) => lackWords(trait, t)).join(' · ');
}

function restartText({ sidecarHealth }: Agent, t: Translate): string | null {
  if (sidecarHealth.state === 'healthy') return null;
  if (sidecarHealth.state === 'restarting') return t('attempt {0}: {1}', sidecarHealth.attempt, sidecarHealth.lastError);
  const { attempts } = sidecarHealth;
  const often = attempts === 1 ? t('gave up after 1 attempt') : t('gave up after {0} attempts', attempts);
  const why = sidecarHealth.reason === 'flapping' ? t('flapping') : often;
  return `${why}: ${sidecarHealth.lastError}`;
}

function modeFact({ mode }: Agent, t: Translate): string {
  const { label, detail } = modeWords(mode, t);
  return `${label}. ${detail}`;
}

/** With who says so; unknown is said, and never 0. */
function costText({ usage }: Agent, t: Translate): string | null {
  if (!usage) return null;
  const { costUsd, costSource, outputTokens } = usage;
  if (costUsd === null) return outputTokens === null ? null : t('unknown');
  const source = costSource?.by === 'prices' ? t('price table of {0}', costSource.dated) : t('agent');
  return `$${costUsd.toFixed(4)} (${source})`;
}

function agentFacts(agent: Agent, t: Translate): [string, string][] {
  const { runtime } = agent;
  const facts: [string, string | null][] = [
    [t('State'), stateWord(agent.state, t)],
    [t('Permission mode'), modeFact(agent, t)],
    [t('Sandbox'), agent.sandbox ? [fencePhrase(agent.sandbox, t), ...agent.sandbox.gaps].join(' · ') : agent.sandboxMode],
    [t('Limits'), agent.resources ? [agent.resources.by.join(', '), ...agent.resources.gaps].join(' · ') : null],
    [t('Restarts'), restartText(agent, t)],
    [t('Refused events'), agent.poisonedEvents > 0 ? String(agent.poisonedEvents) : null],
    [t('Provider'), providerName(agent.provider, t)],
    [t('Without'), lackPhrase(agent, t)],
    [t('Command'), agent.command.length > 0 ? agent.command.join(' ') : null],
    [t('Model'), agent.model],
    [t('Program version'), runtime?.programVersion ?? null],
    [t('Process'), runtime ? String(runtime.programPid ?? t('none')) : null],
    [t('Sidecar process'), runtime ? String(runtime.sidecarPid) : null],
    [t('Sidecar build'), runtime?.build ?? null],
    [t('Host'), runtime?.hostname ?? null],
    [t('Started'), runtime ? new Date(runtime.startedAt).toLocaleString() : null],
    [t('Cost'), costText(agent, t)],
    [t('Id'), shortId(agent.id)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
