/** What the state of an agent means on this page: its icon and word, and what can be done. */
import type { Agent, AgentState } from '../../server/protocol/agent.ts';
import type { ChatText } from '../../server/protocol/chat-texts.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import type { Item } from '../../server/protocol/session.ts';
import type { IconName } from '../shared/icon.ts';

type Tone = 'quiet' | 'good' | 'busy' | 'attention' | 'bad';

export interface AgentStatus {
  readonly icon: IconName;
  readonly word: ChatText;
  readonly tone: Tone;
  /** A turn can be stopped now. */
  readonly isBusy: boolean;
  readonly canStart: boolean;
  /** Why a prompt cannot be sent now. */
  readonly blocked: ChatText | null;
}

const open = { isBusy: false, canStart: false, blocked: null };

const statuses: Record<AgentState, AgentStatus> = {
  stopped: { ...open, icon: 'circle-outline', word: 'stateStopped', tone: 'quiet', canStart: true },
  starting: { ...open, icon: 'loading', word: 'stateStarting', tone: 'busy' },
  idle: { ...open, icon: 'circle-filled', word: 'stateIdle', tone: 'good' },
  running: { ...open, icon: 'sync', word: 'stateRunning', tone: 'busy', isBusy: true },
  waitingForApproval: { ...open, icon: 'question', word: 'stateWaitingForApproval', tone: 'attention', isBusy: true },
  waitingForCredentials: {
    ...open,
    icon: 'key',
    word: 'stateWaitingForCredentials',
    tone: 'attention',
    canStart: true,
    blocked: 'credentialsDetail',
  },
  waitingForTurn: { ...open, icon: 'circle-outline', word: 'stateWaitingForTurn', tone: 'quiet' },
  held: { ...open, icon: 'debug-pause', word: 'stateHeld', tone: 'attention' },
  restarting: { ...open, icon: 'sync', word: 'stateRestarting', tone: 'attention', canStart: true },
  sleeping: { ...open, icon: 'circle-outline', word: 'stateSleeping', tone: 'quiet', canStart: true },
  offline: { ...open, icon: 'debug-disconnect', word: 'stateOffline', tone: 'attention', canStart: true },
  failed: { ...open, icon: 'error', word: 'stateFailed', tone: 'bad', canStart: true, blocked: 'failedDetail' },
};

export function agentStatus(agent: Pick<Agent, 'state' | 'paused'>): AgentStatus {
  const status = statuses[agent.state];
  if (!agent.paused || agent.state === 'failed' || agent.state === 'waitingForCredentials') return status;
  return { ...status, icon: 'debug-pause', word: 'paused', tone: 'quiet' };
}

/** The prompt that may be given into the running turn now: the first that waits, where the program takes it. */
export function sendablePrompt(agent: Pick<Agent, 'state' | 'paused' | 'capabilities'> | null, items: readonly Item[]): PromptId | null {
  if (!agent?.capabilities?.steer || agent.paused || !statuses[agent.state].isBusy) return null;
  const first = items.find((item) => item.kind === 'prompt' && item.state === 'queued');
  return first?.kind === 'prompt' ? first.promptId : null;
}

/** Without a fence an agent can do what it asks for, whatever is answered. */
export function isUnfenced({ sandbox, sandboxMode }: Pick<Agent, 'sandbox' | 'sandboxMode'>): boolean {
  return sandbox ? sandbox.files === 'off' : sandboxMode === 'off';
}

/** Share of the context window in use, 0 to 1. */
export function contextShare(usage: Agent['usage']): number | null {
  if (!usage?.contextTokens || !usage.contextWindowTokens) return null;
  return Math.min(1, usage.contextTokens / usage.contextWindowTokens);
}
