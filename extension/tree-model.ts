/** What the tree shows for a project or an agent, as plain values: icons, phrases, menu context, words for a screen reader. */
import type { Agent, AgentState } from '../server/protocol/agent.ts';
import { shortId } from '../server/protocol/ids.ts';
import type { Project } from '../server/protocol/project.ts';
import { describeMembership, membershipFacts } from './membership-wording.ts';
import { fencePhrase } from './sandbox-wording.ts';
import type { Membership } from './teamwork-model.ts';
import type { Translate } from './translate.ts';
import { countAgents, countApprovals, describeAgent, providerName, stateWord } from './wording.ts';

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

const icons: Record<AgentState, { readonly icon: string; readonly color?: string }> = {
  stopped: { icon: 'circle-outline', color: 'disabledForeground' },
  starting: { icon: 'loading~spin' },
  idle: { icon: 'circle-filled', color: 'testing.iconPassed' },
  running: { icon: 'sync~spin', color: 'charts.blue' },
  waitingForApproval: { icon: 'bell-dot', color: 'list.warningForeground' },
  waitingForCredentials: { icon: 'key', color: 'list.warningForeground' },
  waitingForTurn: { icon: 'watch' },
  restarting: { icon: 'history', color: 'list.warningForeground' },
  sleeping: { icon: 'circle-outline', color: 'disabledForeground' },
  offline: { icon: 'debug-disconnect', color: 'disabledForeground' },
  failed: { icon: 'error', color: 'list.errorForeground' },
};

/** States in which a program runs or is being started, so that stopping it means something. */
export const liveStates: readonly AgentState[] = [
  'starting',
  'idle',
  'running',
  'waitingForApproval',
  'waitingForCredentials',
  'waitingForTurn',
];

export function agentRow(agent: Agent, membership: Membership, t: Translate): TreeRow {
  const { icon, color } = agent.paused ? { icon: 'debug-pause', color: 'disabledForeground' } : icons[agent.state];
  const description = [describeAgent(agent, t), ...describeMembership(membership, t)].join(' · ');
  return {
    id: agent.id,
    label: agent.name,
    description,
    icon,
    iconColor: color,
    context: agentContext(agent),
    spoken: [
      t('Agent {0}', agent.name),
      stateWord(agent.state, t),
      ...(description === stateWord(agent.state, t) ? [] : [description]),
    ].join(', '),
    facts: [...agentFacts(agent, t), ...membershipFacts(membership, Date.now(), t)],
  };
}

type ProjectRowInput = { readonly project: Project; readonly agents: readonly Agent[]; readonly isWorkspaceFolder: boolean };

export function projectRow({ project, agents, isWorkspaceFolder }: ProjectRowInput, t: Translate): TreeRow {
  const approvals = agents.reduce((sum, agent) => sum + agent.openApprovals, 0);
  const parts = [agents.length === 0 ? t('no agents') : countAgents(agents.length, t)];
  if (approvals > 0) parts.push(countApprovals(approvals, t));
  if (!project.trusted) parts.push(t('not trusted'));
  const description = parts.join(' · ');
  return {
    id: project.id,
    label: project.name,
    description,
    icon: isWorkspaceFolder ? 'root-folder' : 'folder',
    iconColor: undefined,
    context: `project.${project.trusted ? 'trusted' : 'untrusted'}`,
    spoken: t('Project {0}, {1}', project.name, description),
    facts: [
      [t('Folder'), project.path],
      [t('Trusted'), project.trusted ? t('yes') : t('no')],
      [t('Id'), shortId(project.id)],
    ],
  };
}

/** For example `agent.live.active`, `agent.resting.paused` or `agent.broken.active`. */
function agentContext(agent: Agent): string {
  const busy = agent.state === 'running' || agent.state === 'waitingForApproval';
  const broken = agent.state === 'failed' || agent.state === 'restarting' || agent.state === 'offline';
  const life = liveStates.includes(agent.state) ? (busy ? 'busy' : 'live') : broken ? 'broken' : 'resting';
  return `agent.${life}.${agent.paused ? 'paused' : 'active'}`;
}

function restartText({ sidecarHealth }: Agent, t: Translate): string | null {
  if (sidecarHealth.state === 'healthy') return null;
  if (sidecarHealth.state === 'restarting') return t('attempt {0}: {1}', sidecarHealth.attempt, sidecarHealth.lastError);
  const { attempts } = sidecarHealth;
  const often = attempts === 1 ? t('gave up after 1 attempt') : t('gave up after {0} attempts', attempts);
  const why = sidecarHealth.reason === 'flapping' ? t('flapping') : often;
  return `${why}: ${sidecarHealth.lastError}`;
}

function agentFacts(agent: Agent, t: Translate): [string, string][] {
  const { runtime } = agent;
  const facts: [string, string | null][] = [
    [t('State'), stateWord(agent.state, t)],
    [t('Sandbox'), agent.sandbox ? [fencePhrase(agent.sandbox, t), ...agent.sandbox.gaps].join(' · ') : agent.sandboxMode],
    [t('Limits'), agent.resources ? [agent.resources.by.join(', '), ...agent.resources.gaps].join(' · ') : null],
    [t('Restarts'), restartText(agent, t)],
    [t('Refused events'), agent.poisonedEvents > 0 ? String(agent.poisonedEvents) : null],
    [t('Provider'), providerName(agent.provider, t)],
    [t('Command'), agent.command.length > 0 ? agent.command.join(' ') : null],
    [t('Model'), agent.model],
    [t('Program version'), runtime?.programVersion ?? null],
    [t('Process'), runtime ? String(runtime.programPid ?? t('none')) : null],
    [t('Sidecar process'), runtime ? String(runtime.sidecarPid) : null],
    [t('Sidecar build'), runtime?.build ?? null],
    [t('Host'), runtime?.hostname ?? null],
    [t('Started'), runtime ? new Date(runtime.startedAt).toLocaleString() : null],
    [t('Cost'), agent.usage?.costUsd == null ? null : `$${agent.usage.costUsd.toFixed(4)}`],
    [t('Id'), shortId(agent.id)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
