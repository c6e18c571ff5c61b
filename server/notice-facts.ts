/** What of all that happens is worth telling a person who does not look. Pure. */

import type { Fact } from './notices/notices.ts';
import type { Agent } from './protocol/agent.ts';
import type { Failure, TurnEndReason } from './protocol/agent-event.ts';
import type { Approval } from './protocol/approval.ts';
import type { SessionId } from './protocol/ids.ts';
import type { DeadLetter } from './protocol/message.ts';

type Who = Pick<Agent, 'id' | 'name' | 'projectId'>;

export type EndedTurn = {
  readonly key: string;
  readonly sessionId: SessionId;
  readonly sessionTitle: string;
  readonly reason: TurnEndReason;
  readonly failure: Failure | null;
  /** Somebody saw it end. */
  readonly isWatched: boolean;
  /** A person asked for it, not mail or the scheduler. */
  readonly isForPerson: boolean;
};

const nowhere = { projectId: null, agentId: null, sessionId: null } as const;

/** What a person stopped is no news to them, and a crash is told when nothing comes of the restarts. */
export function turnFact(who: Who, turn: EndedTurn): Fact | undefined {
  const { key, reason, failure, sessionId, sessionTitle, isWatched, isForPerson } = turn;
  if (isWatched || reason === 'interrupted' || reason === 'crashed') return undefined;
  const place = { subject: 'turn', projectId: who.projectId, agentId: who.id, sessionId } as const;
  if (reason === 'completed') {
    if (!isForPerson) return undefined;
    const title = `${who.name} has finished`;
    return { ...place, type: 'agent_complete', title, text: sessionTitle, key: `turn ${key}`, kind: `finished ${who.id}` };
  }
  const text = failure?.message ?? failedTexts[reason];
  return { ...place, type: 'agent_error', title: `${who.name}: the turn failed`, text, key: `turn ${key}`, kind: `turn failed ${who.id}` };
}

const failedTexts = {
  refused: 'The model would not go on.',
  limit: 'It reached a limit of turns, tokens or money.',
  failed: 'It ended with an error.',
} as const;

/** `before`: its state the last time; undefined for one that was not seen yet. */
export function agentFact(agent: Agent, before: Agent['state'] | undefined, at: number): Fact | undefined {
  if (agent.state !== 'failed' || before === undefined || before === 'failed') return undefined;
  const place = { subject: 'agent', projectId: agent.projectId, agentId: agent.id, sessionId: null } as const;
  const told = { title: `${agent.name} has failed`, text: agent.stateDetail, type: 'agent_error' } as const;
  return { ...place, ...told, key: `agent ${agent.id} ${at}`, kind: `agent failed ${agent.id}` };
}

export function deadLetterFact({ id, from, to, error, settlement }: DeadLetter): Fact | undefined {
  if (settlement !== null) return undefined;
  const title = `A message from ${from.name} to ${to.name} was not delivered`;
  return { ...nowhere, subject: 'deadLetter', type: 'warning', title, text: error, key: `dead letter ${id}`, kind: 'dead letters' };
}

/** Once for each question, when it has waited this long. */
export const questionWaitsMs = 10 * 60_000;

export function questionFact(
  { id, agentId, projectId, sessionId, request, askedAt }: Approval,
  who: string,
  now: number,
): Fact | undefined {
  if (now - askedAt < questionWaitsMs) return undefined;
  const place = { subject: 'question', projectId, agentId, sessionId } as const;
  const title = `${who} has waited for your answer for more than ${questionWaitsMs / 60_000} minutes`;
  return { ...place, type: 'warning', title, text: request.title, key: `question ${id}`, kind: `question ${agentId}` };
}

/** Those of the backend's problems that were not there before. */
export function problemFacts(problems: readonly string[], before: readonly string[], at: number): Fact[] {
  const fresh = problems.filter((problem) => !before.includes(problem));
  return fresh.map((text) => ({
    ...({ ...nowhere, subject: 'backend', type: 'error', title: 'The backend has a problem', text } as const),
    ...{ key: `problem ${at} ${text}`, kind: `problem ${text}` },
  }));
}

/** Below it a database or a transcript may soon not be written any more. */
const lowBytes = 1024 ** 3;

/** Once a day. */
export function diskFact(freeBytes: number, now: number): Fact | undefined {
  if (freeBytes >= lowBytes) return undefined;
  const title = 'The disk is nearly full';
  const text = `${Math.floor(freeBytes / 1024 ** 2)} MiB are free where the data directory is. When none are left, nothing can be kept any more.`;
  return {
    ...nowhere,
    subject: 'backend',
    type: 'warning',
    title,
    text,
    key: `disk ${new Date(now).toISOString().slice(0, 10)}`,
    kind: 'disk',
  };
}
