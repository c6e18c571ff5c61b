/** Why an agent needs the person, the strongest reason first: its attention score, and what waits for an answer. Pure. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { contextThresholds } from '../../server/protocol/context-thresholds.ts';
import { holdWords } from '../../server/protocol/hold-words.ts';
import type { Teammate } from '../../server/protocol/team.ts';
import type { Translate } from '../text/translate.ts';
import { countApprovals, percent } from '../text/wording.ts';

export type NeedKind = 'stall' | 'approval' | 'credentials' | 'budget' | 'loop' | 'error' | 'context' | 'conflict' | 'refused' | 'review';

export type Need = {
  readonly kind: NeedKind;
  /** As the attention score counts; what waits for an answer of a person stands in between. */
  readonly score: number;
  /** A few words for a row. */
  readonly short: string;
  readonly reason: string;
};

/** From this score on it is the person's turn; what is less is worth a look. */
export const urgentFrom = 60;

/** One that nobody answers is not stalled, but stands still all the same; what went wrong by itself comes before the rest. */
const scores = {
  stall: 100,
  approval: 95,
  credentials: 92,
  budget: 91,
  loop: 91,
  wakes: 45,
  error: 90,
  contextCritical: 80,
  conflict: 70,
  refused: 60,
  context: 40,
} as const;
const perReview = 10;
const mostForReviews = 50;

type Known = { readonly agent: Agent; readonly teammate: Teammate | undefined; readonly approvals: readonly Approval[] };

export function agentNeeds(known: Known, t: Translate): Need[] {
  const needs = [stall, approval, credentials, held, failure, context, conflict, refused, review].flatMap((need) => need(known, t) ?? []);
  return needs.sort((a, b) => b.score - a.score);
}

export function isUrgent({ score }: Pick<Need, 'score'>): boolean {
  return score >= urgentFrom;
}

type Find = (known: Known, t: Translate) => Need | undefined;

const stall: Find = ({ teammate }, t) => {
  if (teammate?.activity !== 'stalled') return undefined;
  const reason = teammate.attention.signal === 'stall' ? teammate.attention.reason : t('Its turn runs, and nothing is heard of it.');
  return { kind: 'stall', score: scores.stall, short: t('stalled'), reason };
};

const approval: Find = ({ agent, approvals }, t) => {
  const [first] = approvals;
  if (!first) return undefined;
  const more = approvals.length > 1 ? ` (${countApprovals(approvals.length, t)})` : '';
  const reason = `${t('Asks: {0}', first.request.title)}${more}`;
  return { kind: 'approval', score: scores.approval, short: countApprovals(Math.max(agent.openApprovals, approvals.length), t), reason };
};

const credentials: Find = ({ agent }, t) => {
  if (agent.state !== 'waitingForCredentials') return undefined;
  const reason = agent.stateDetail || t('It waits for its credentials.');
  return { kind: 'credentials', score: scores.credentials, short: t('needs credentials'), reason };
};

/** It waits for the person; one that only the schedule wakes no more may wait. */
const held: Find = ({ agent: { hold } }, t) => {
  if (!hold) return undefined;
  const reason = holdWords(hold, t);
  if (hold.kind === 'budget') return { kind: 'budget', score: scores.budget, short: t('budget used up'), reason };
  const isLoop = hold.kind === 'loop';
  return { kind: 'loop', score: isLoop ? scores.loop : scores.wakes, short: isLoop ? t('stopped in a loop') : t('not woken'), reason };
};

const failure: Find = ({ agent, teammate }, t) => {
  const error = { kind: 'error', score: scores.error, short: t('in error') } as const;
  if (teammate?.attention.signal === 'error') return { ...error, reason: teammate.attention.reason };
  return agent.state === 'failed' ? { ...error, reason: agent.stateDetail || t('It could not be started.') } : undefined;
};

const context: Find = ({ teammate }, t) => {
  const pressure = teammate?.vitals.contextPressure ?? null;
  if (pressure === null || pressure <= contextThresholds.warning) return undefined;
  const score = pressure > contextThresholds.critical ? scores.contextCritical : scores.context;
  const full = percent(pressure);
  return { kind: 'context', score, short: t('context {0} full', full), reason: t('Its context is {0} full.', full) };
};

const conflict: Find = ({ teammate }, t) => {
  const files = teammate?.vitals.fileConflicts ?? 0;
  if (files === 0) return undefined;
  const short = files === 1 ? t('1 file in conflict') : t('{0} files in conflict', files);
  const one = t('A file was written by it and by someone else.');
  return {
    kind: 'conflict',
    score: scores.conflict,
    short,
    reason: files === 1 ? one : t('{0} files were written by it and by someone else.', files),
  };
};

const refused: Find = ({ agent: { poisonedEvents: count } }, t) => {
  if (count === 0) return undefined;
  const short = count === 1 ? t('1 refused event') : t('{0} refused events', count);
  return { kind: 'refused', score: scores.refused, short, reason: t('Events of it were refused, and wait for you.') };
};

const review: Find = ({ teammate }, t) => {
  const tasks = teammate?.vitals.reviewTasks ?? 0;
  if (tasks === 0) return undefined;
  const reason = tasks === 1 ? t('1 task waits for review.') : t('{0} tasks wait for review.', tasks);
  return { kind: 'review', score: Math.min(perReview * tasks, mostForReviews), short: t('{0} to review', tasks), reason };
};
