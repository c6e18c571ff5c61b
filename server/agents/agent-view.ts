/** What an agent looks like from outside, from all that is known of it. Pure. */
import type { AgentState } from '../protocol/agent.ts';
import type { Item } from '../protocol/session.ts';

export type AgentFacts = {
  readonly isStarting: boolean;
  readonly isUp: boolean;
  readonly hasTurn: boolean;
  readonly paused: boolean;
  readonly lacksCredentials: boolean;
  /** Why it could not be started. */
  readonly failure: string | undefined;
  /** Why it is no longer running, when nobody asked it to end. */
  readonly offline: string | undefined;
  readonly queuedPrompts: number;
  readonly activity: Item | undefined;
  /** Titles of the questions that wait, oldest first. */
  readonly questions: readonly string[];
};

export type AgentStatus = { readonly state: AgentState; readonly stateDetail: string };

export function agentStatus(facts: AgentFacts): AgentStatus {
  if (facts.questions.length > 0) return { state: 'waitingForApproval', stateDetail: facts.questions[0] ?? '' };
  if (facts.hasTurn) return { state: 'running', stateDetail: activityText(facts.activity) };
  if (facts.lacksCredentials)
    return { state: 'waitingForCredentials', stateDetail: 'Needs its key: start it where the key is in the environment' };
  if (facts.isStarting) return { state: 'starting', stateDetail: '' };
  if (facts.failure !== undefined) return { state: 'failed', stateDetail: facts.failure };
  if (facts.offline !== undefined) return { state: 'offline', stateDetail: facts.offline };
  if (facts.isUp) return { state: 'idle', stateDetail: waitingText(facts) };
  return { state: 'stopped', stateDetail: waitingText(facts) };
}

function waitingText({ paused, queuedPrompts }: AgentFacts): string {
  const waiting = queuedPrompts === 0 ? '' : queuedPrompts === 1 ? '1 prompt waits' : `${queuedPrompts} prompts wait`;
  return paused ? ['Paused', waiting].filter(Boolean).join(', ') : waiting;
}

function activityText(item: Item | undefined): string {
  if (item?.kind === 'tool') return item.title;
  if (item?.kind === 'text') return 'Writing';
  if (item?.kind === 'thinking') return 'Thinking';
  return 'Working';
}
