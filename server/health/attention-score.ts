/** How much an agent needs the person now: one table, of which the highest row that holds wins. Pure. */
import type { Attention } from '../protocol/attention.ts';
import { contextThresholds } from '../protocol/context-thresholds.ts';
import type { Stall } from './activity-state.ts';

export type AttentionFacts = {
  readonly stall: Stall | undefined;
  readonly stallThresholdMin: number;
  /** What went wrong with its session; null when nothing did. */
  readonly failure: string | null;
  readonly contextPressure: number | null;
  /** Files that it and someone else have written. */
  readonly fileConflicts: number;
  /** Tasks that wait for it, or for its team, to look at them. */
  readonly reviewTasks: number;
};

type Row = Pick<Attention, 'score' | 'signal'> & { readonly reason: (facts: AttentionFacts) => string | false };

const perReview = 10;
const mostForReviews = 50;

const rows: readonly Row[] = [
  { score: 100, signal: 'stall', reason: ({ stall, stallThresholdMin }) => stall !== undefined && stallText(stall, stallThresholdMin) },
  { score: 90, signal: 'error', reason: ({ failure }) => failure !== null && `Its session is in error: ${failure}` },
  { score: 80, signal: 'context', reason: ({ contextPressure: pressure }) => isAbove(pressure, contextThresholds.critical) },
  { score: 70, signal: 'conflict', reason: ({ fileConflicts }) => fileConflicts > 0 && conflictText(fileConflicts) },
  { score: 40, signal: 'context', reason: ({ contextPressure: pressure }) => isAbove(pressure, contextThresholds.warning) },
];

export function attentionScore(facts: AttentionFacts): Attention {
  const attention = [...rows.flatMap((row) => scored(row, facts)), ...reviews(facts.reviewTasks)];
  return attention.reduce((highest, next) => (next.score > highest.score ? next : highest), { score: 0, signal: null, reason: '' });
}

function scored({ score, signal, reason }: Row, facts: AttentionFacts): Attention[] {
  const said = reason(facts);
  return said === false ? [] : [{ score, signal, reason: said }];
}

function reviews(tasks: number): Attention[] {
  if (tasks <= 0) return [];
  const reason = tasks === 1 ? '1 task waits for review.' : `${tasks} tasks wait for review.`;
  return [{ score: Math.min(perReview * tasks, mostForReviews), signal: 'review', reason }];
}

function stallText(stall: Stall, thresholdMin: number): string {
  if (stall === 'repeating') return `Stalled: it has only repeated itself for ${thresholdMin} min or longer.`;
  return `Stalled: its turn runs, and nothing was heard of it for ${thresholdMin} min or longer.`;
}

function isAbove(pressure: number | null, threshold: number): string | false {
  return pressure !== null && pressure > threshold && `Its context is more than ${threshold * 100} % full.`;
}

function conflictText(files: number): string {
  return files === 1 ? 'A file was written by it and by someone else.' : `${files} files were written by it and by someone else.`;
}
