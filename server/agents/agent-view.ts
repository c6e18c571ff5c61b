/** What an agent looks like from outside, from all that is known of it. Pure. */
import type { AgentState } from '../protocol/agent.ts';
import type { Hold } from '../protocol/budget.ts';
import type { Item } from '../protocol/session.ts';
import type { ProgramDecision, SidecarHealth } from '../protocol/supervision.ts';

export type AgentFacts = {
  readonly isStarting: boolean;
  readonly isUp: boolean;
  readonly hasTurn: boolean;
  readonly paused: boolean;
  readonly hold: Hold | null;
  /** What it waits for, in a few words. */
  readonly lackingCredentials: string | undefined;
  /** Why it could not be started. */
  readonly failure: string | undefined;
  /** Why it is no longer running, when nobody asked it to end, and what is done about it. */
  readonly offline: { readonly detail: string; readonly decision: ProgramDecision } | undefined;
  /** Ended because it had nothing to do. */
  readonly isAsleep: boolean;
  readonly health: SidecarHealth;
  /** Until its sidecar is started again, and how often that is tried. */
  readonly retryInMs: number;
  readonly maxAttempts: number;
  /** Its prompt waits because so many turns run already; undefined when it does not. */
  readonly turnsTaken: number | undefined;
  readonly queuedPrompts: number;
  readonly activity: Item | undefined;
  /** Titles of the questions that wait, oldest first. */
  readonly questions: readonly string[];
};

export type AgentStatus = { readonly state: AgentState; readonly stateDetail: string };

export function agentStatus(facts: AgentFacts): AgentStatus {
  if (facts.questions.length > 0) return { state: 'waitingForApproval', stateDetail: facts.questions[0] ?? '' };
  if (facts.hasTurn) return { state: 'running', stateDetail: activityText(facts.activity) };
  if (facts.lackingCredentials !== undefined) return { state: 'waitingForCredentials', stateDetail: facts.lackingCredentials };
  if (facts.isStarting) return { state: 'starting', stateDetail: '' };
  if (facts.health.state === 'restarting') return { state: 'restarting', stateDetail: restartText(facts.health, facts) };
  if (facts.health.state === 'failed') return { state: 'failed', stateDetail: failedText(facts.health) };
  if (facts.offline?.decision === 'giveUp') return { state: 'failed', stateDetail: givenUpText(facts.offline.detail) };
  if (keepsTurns(facts.hold)) return { state: 'held', stateDetail: heldText(facts.hold, facts) };
  if (facts.turnsTaken !== undefined) return { state: 'waitingForTurn', stateDetail: turnText(facts.turnsTaken) };
  if (facts.failure !== undefined) return { state: 'failed', stateDetail: facts.failure };
  if (facts.offline?.decision === 'restart') return { state: 'restarting', stateDetail: facts.offline.detail };
  if (facts.offline !== undefined) return { state: 'offline', stateDetail: facts.offline.detail };
  if (facts.isUp) return { state: 'idle', stateDetail: waitingText(facts) };
  if (facts.isAsleep) return { state: 'sleeping', stateDetail: waitingText(facts) || 'Its next prompt resumes the session' };
  return { state: 'stopped', stateDetail: waitingText(facts) };
}

/** One that only the schedule no longer wakes works as before. */
export function keepsTurns(hold: Hold | null): hold is Hold {
  return hold !== null && hold.kind !== 'wakes';
}

type Restarting = Extract<SidecarHealth, { state: 'restarting' }>;
type Failed = Extract<SidecarHealth, { state: 'failed' }>;

function restartText({ attempt, lastError }: Restarting, { retryInMs, maxAttempts }: AgentFacts): string {
  return `Restarts in ${Math.ceil(retryInMs / 1000)} s (attempt ${attempt} of ${maxAttempts}): ${lastError}`;
}

function failedText({ attempts, reason, lastError }: Failed): string {
  const how =
    reason === 'flapping'
      ? `Flapping: crashed ${attempts} times within an hour, each time after it had run well`
      : `Failed after ${attempts} ${attempts === 1 ? 'restart' : 'restarts'}`;
  return `${how}: ${lastError.replace(/\.$/, '')}. Restart it to try again.`;
}

function givenUpText(detail: string): string {
  return `Its program ended too often, so it stays down. Restart the agent to try again: ${detail}`;
}

function turnText(taken: number): string {
  return taken === 1 ? 'Waits for a turn: the only one is taken' : `Waits for a turn: all ${taken} are taken`;
}

function heldText({ text }: Hold, { queuedPrompts }: AgentFacts): string {
  const waiting = promptsText(queuedPrompts);
  return waiting === '' ? text : `${text} ${waiting}.`;
}

function promptsText(count: number): string {
  return count === 0 ? '' : count === 1 ? '1 prompt waits' : `${count} prompts wait`;
}

function waitingText({ paused, queuedPrompts }: AgentFacts): string {
  const waiting = promptsText(queuedPrompts);
  return paused ? ['Paused', waiting].filter(Boolean).join(', ') : waiting;
}

function activityText(item: Item | undefined): string {
  if (item?.kind === 'tool') return item.title;
  if (item?.kind === 'text') return 'Writing';
  if (item?.kind === 'thinking') return 'Thinking';
  if (item?.kind === 'notice') return 'Waits to try again';
  return 'Working';
}
