/** Whether a manager whose time has come is woken. Pure. */
import type { Agent, AgentState } from '../protocol/agent.ts';
import type { WakeStrategy } from '../protocol/team.ts';

export type WakeOutlook = {
  readonly strategy: WakeStrategy;
  readonly threshold: number;
  readonly score: number;
  /** Something that it was not told at its last wake; true when it was never woken. */
  readonly isNews: boolean;
  /** A turn of it runs. */
  readonly isBusy: boolean;
};

/** A person has to do something first: a prompt would only wait. */
const needsPerson: ReadonlySet<AgentState> = new Set(['stopped', 'failed', 'waitingForCredentials']);

/** By the schedule, which wakes what sleeps or is idle, and starts nothing that a person has ended. */
export function mayWake({ state, paused }: Pick<Agent, 'state' | 'paused'>): boolean {
  return !paused && !needsPerson.has(state);
}

export function shouldWake({ strategy, threshold, score, isNews, isBusy }: WakeOutlook): boolean {
  if (strategy === 'persistent') return !isBusy;
  if (strategy === 'on-demand') return true;
  return score >= threshold && isNews;
}

/** One that stays up goes on in its session; the others begin anew, so that no context fills up wake by wake. */
export function sessionFor(strategy: WakeStrategy): 'current' | 'fresh' {
  return strategy === 'persistent' ? 'current' : 'fresh';
}
