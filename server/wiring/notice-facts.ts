/** What of all that happens is worth telling a person who does not look. Pure. */
import type { BudgetNews } from '../budgets/budgets.ts';
import type { Fact } from '../notices/notices.ts';
import type { Agent } from '../protocol/agent.ts';
import type { Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgentId, type ItemId, type SessionId } from '../protocol/ids.ts';
import type { Incident } from '../protocol/incident.ts';
import { type DeadLetter, type Message, partyIds } from '../protocol/message.ts';
import type { StoragePart } from '../protocol/metrics.ts';
import type { NoticeAbout } from '../protocol/notice.ts';
import type { Withheld } from '../protocol/secret.ts';
import type { Task } from '../protocol/task.ts';
import type { Party } from '../protocol/team.ts';

type Who = Pick<Agent, 'id' | 'name'>;

export type EndedTurn = {
  readonly key: string;
  readonly sessionId: SessionId;
  readonly sessionTitle: string;
  /** Its end in the transcript. */
  readonly itemId: ItemId | null;
  readonly reason: TurnEndReason;
  readonly failure: Failure | null;
  /** Somebody saw it end. */
  readonly isWatched: boolean;
  /** A person asked for it, not mail or the scheduler. */
  readonly isForPerson: boolean;
};

/** What a person stopped is no news to them. */
export function turnFact(who: Who, turn: EndedTurn): Fact | undefined {
  const { key, reason, failure, sessionId, sessionTitle, itemId, isWatched, isForPerson } = turn;
  if (isWatched || reason === 'interrupted') return undefined;
  const place = { kind: 'turn', agentId: who.id, sessionId, itemId } as const;
  if (reason === 'completed') {
    if (!isForPerson) return undefined;
    const about = { kind: 'turnFinished', agent: who.name, session: sessionTitle } as const;
    return { type: 'agent_complete', about, place, key: `turn ${key}`, kind: `finished ${who.id}` };
  }
  const about = { kind: 'turnFailed', agent: who.name, reason, detail: failure?.message ?? '' } as const;
  return { type: 'agent_error', about, place, key: `turn ${key}`, kind: `turn failed ${who.id}` };
}

/** `before`: its state the last time; undefined for one that was not seen yet. */
export function agentFact(agent: Agent, before: Agent['state'] | undefined, at: number): Fact | undefined {
  if (agent.state !== 'failed' || before === undefined || before === 'failed') return undefined;
  return {
    type: 'agent_error',
    about: { kind: 'agentFailed', agent: agent.name, detail: agent.stateDetail },
    place: { kind: 'agent', agentId: agent.id },
    key: `agent ${agent.id} ${at}`,
    kind: `agent failed ${agent.id}`,
  };
}

/** One that somebody saw come and did not answer is told when it has waited this long. */
export const questionWaitsMs = 10 * 60_000;

/** Each question is told once: by its key, whenever that is. */
export function questionFact(
  { id, agentId, sessionId, request }: Pick<Approval, 'id' | 'agentId' | 'sessionId' | 'request'>,
  { name, itemId }: { readonly name: string; readonly itemId: ItemId | null },
): Fact {
  return {
    type: 'warning',
    about: { kind: 'question', agent: name, question: request.title },
    place: { kind: 'question', agentId, sessionId, itemId, approvalId: id },
    key: `question ${id}`,
    kind: `question ${agentId}`,
  };
}

/** To the person, of an agent, and not read yet. */
export function messageFact({ id, from, text, expectsReply, deliveries }: Message): Fact | undefined {
  const isUnread = deliveries.some(({ to, state }) => to.id === partyIds.person && (state === 'queued' || state === 'delivered'));
  const sender = AgentId.safeParse(from.id);
  if (!isUnread || !sender.success) return undefined;
  return {
    type: expectsReply ? 'warning' : 'info',
    about: { kind: 'message', agent: from.name, excerpt: text, expectsReply },
    place: { kind: 'message', agentId: sender.data, messageId: id },
    key: `message ${id}`,
    kind: `message ${from.id}${expectsReply ? ' expects' : ''}`,
  };
}

/** The person has it: nothing is left to tell. */
export function isReadByPerson({ deliveries }: Pick<Message, 'deliveries'>): boolean {
  return deliveries.some(({ to, state }) => to.id === partyIds.person && (state === 'seen' || state === 'answered'));
}

export function deadLetterFact({ id, from, to, error, settlement }: DeadLetter): Fact | undefined {
  if (settlement !== null) return undefined;
  return {
    type: 'warning',
    about: { kind: 'deadLetter', from: from.name, to: to.name, error },
    place: { kind: 'deadLetter', deadLetterId: id },
    key: `dead letter ${id}`,
    kind: 'dead letters',
  };
}

/** What the person moved there is no news to them. */
export function taskFact({ id, number, teamId, title, version }: Task, by: Party): Fact | undefined {
  if (by.id === partyIds.person) return undefined;
  return {
    type: 'success',
    about: { kind: 'taskDone', number, task: title, by: by.name },
    place: { kind: 'task', teamId, taskId: id },
    key: `task ${id} ${version}`,
    kind: `tasks done ${teamId} ${by.id}`,
  };
}

/** A person who began it may count on it still. */
export function incidentOverFact({ beganAt, reason }: Incident): Fact {
  const about = { kind: 'incidentOver', reason } as const;
  return { type: 'warning', about, place: { kind: 'backend' }, key: `incident over ${beganAt}`, kind: 'incident over' };
}

export function budgetFact({ kind, key, agentId, budget }: Extract<BudgetNews, { kind: 'near' | 'reached' }>): Fact {
  const { scope, unit, name, limit, spent } = budget;
  const about = { kind: kind === 'near' ? 'budgetNear' : 'budgetReached', scope, unit, name, limit: limit ?? 0, spent } as const;
  const place = agentId ? ({ kind: 'agent', agentId } as const) : ({ kind: 'backend' } as const);
  return { type: 'warning', about, place, key, kind: key };
}

/** What a budget holds is told by the budget. */
export function heldFact({ key, agentId, hold }: Extract<BudgetNews, { kind: 'held' }>, agent: string): Fact | undefined {
  if (hold.kind === 'budget') return undefined;
  const about = {
    kind: hold.kind === 'loop' ? 'loopStopped' : 'wakesHeld',
    agent,
    calls: hold.calls.join('; '),
    times: hold.times,
  } as const;
  return { type: 'warning', about, place: { kind: 'agent', agentId }, key, kind: key };
}

/** One for each secret, whatever it stood in. */
export function withheldFacts(who: Who, withheld: readonly Withheld[], at: number): Fact[] {
  return [...new Set(withheld.map(({ secret }) => secret))].map((secret) => ({
    type: 'warning',
    about: { kind: 'secretWithheld', agent: who.name, secret },
    place: { kind: 'secret', secret },
    key: `withheld ${who.id} ${secret} ${at}`,
    kind: `withheld ${who.id} ${secret}`,
  }));
}

export function rotatedFact(about: Omit<Extract<NoticeAbout, { kind: 'credentialRotated' }>, 'kind'>, at: number): Fact {
  const { secret, waiting } = about;
  return {
    type: waiting === '' ? 'success' : 'warning',
    about: { kind: 'credentialRotated', ...about },
    place: { kind: 'secret', secret },
    key: `rotated ${secret} ${at}`,
    kind: `rotated ${secret} ${at}`,
  };
}

/** Those of the backend's problems that were not there before, and those that are not there any more. */
export function problemFacts(problems: readonly string[], before: readonly string[], at: number): Fact[] {
  const place = { kind: 'backend' } as const;
  const gone = before.filter((problem) => !problems.includes(problem));
  const fresh = problems.filter((problem) => !before.includes(problem));
  return [
    ...gone.map(
      (problem) =>
        ({
          type: 'success',
          about: { kind: 'problemGone', problem },
          place,
          key: `gone ${at} ${problem}`,
          kind: `gone ${problem}`,
        }) as const,
    ),
    ...fresh.map(
      (problem) =>
        ({
          type: 'error',
          about: { kind: 'problem', problem },
          place,
          key: `problem ${at} ${problem}`,
          kind: `problem ${problem}`,
        }) as const,
    ),
  ];
}

/** Below it a database or a transcript may soon not be written any more. */
const lowBytes = 1024 ** 3;

/** Once a day. */
export function diskFact(freeBytes: number, now: number): Fact | undefined {
  if (freeBytes >= lowBytes) return undefined;
  return {
    type: 'warning',
    about: { kind: 'diskLow', freeMib: Math.floor(freeBytes / 1024 ** 2) },
    place: { kind: 'backend' },
    key: `disk ${new Date(now).toISOString().slice(0, 10)}`,
    kind: 'disk',
  };
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Once for each time that it is due. `lastAt`: null when there was none; then `since` is when the data began. */
export function drillFact({ lastAt, since, now }: { readonly lastAt: number | null; readonly since: number; readonly now: number }): Fact {
  const about = { kind: 'drillDue', days: Math.floor((now - since) / dayMs), isFirst: lastAt === null } as const;
  return { type: 'info', about, place: { kind: 'drill' }, key: `drill due ${since}`, kind: 'drill due' };
}

export function retentionFact({
  messages,
  days,
  beginsAt,
}: {
  readonly messages: number;
  readonly days: number;
  readonly beginsAt: number;
}): Fact {
  const date = new Date(beginsAt).toISOString().slice(0, 10);
  const about = { kind: 'retentionAhead', messages, days, date } as const;
  return { type: 'warning', about, place: { kind: 'retention' }, key: `retention ${date}`, kind: 'retention' };
}

/** Once a week for each part that is beyond what is usual; a write-ahead log is a problem of its own. */
export function storageFacts(parts: readonly StoragePart[], now: number): Fact[] {
  const week = Math.floor(now / (7 * 24 * 60 * 60_000));
  return parts
    .filter(({ kind, level }) => level !== 'fine' && kind !== 'wal')
    .map(
      ({ name, bytes, level }): Fact => ({
        type: 'warning',
        about: { kind: 'storageGrown', name, mib: Math.round(bytes / 1024 ** 2) },
        place: { kind: 'storage' },
        key: `storage ${week} ${name} ${level}`,
        kind: `storage ${name}`,
      }),
    );
}
