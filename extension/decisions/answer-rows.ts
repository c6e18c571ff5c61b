/** What "Answer Approvals" shows: the question whose turn it is, the answers to it, and what waits behind it. Pure. */
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { RuleEffect } from '../../server/protocol/rule.ts';
import type { FleetState } from '../fleet/fleet-model.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';
import { askerOf, ofTheSameKind, questionIcon, questionParts, questionTarget } from './decision-words.ts';

export type AnswerRow =
  | { readonly kind: 'separator'; readonly label: string }
  /** The first is the one that the answers below it are about. */
  | {
      readonly kind: 'question';
      readonly id: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
    }
  | { readonly kind: 'answer'; readonly decision: Decision; readonly label: string; readonly detail: string }
  /** The question asks for values, which are asked for one after the other. */
  | { readonly kind: 'fill'; readonly label: string; readonly detail: string }
  | { readonly kind: 'rule'; readonly effect: RuleEffect; readonly label: string; readonly detail: string }
  | { readonly kind: 'batch'; readonly label: string; readonly detail: string };

export type AnswerRowsInput = {
  readonly fleet: FleetState;
  /** Those that are gone through, in order. */
  readonly queue: readonly Approval[];
  readonly current: Approval;
  readonly nowMs: number;
};

export function answerRows({ fleet, queue, current, nowMs }: AnswerRowsInput, t: Translate): AnswerRow[] {
  const question = (approval: Approval): AnswerRow => questionRow(approval, fleet, nowMs, t);
  const others = queue.filter(({ id }) => id !== current.id);
  return [
    question(current),
    { kind: 'separator', label: t('Your Answer') },
    ...answers(current, t),
    ...rules(current, t),
    ...batch(ofTheSameKind(fleet.approvals, current).length, t),
    ...(others.length > 0 ? [{ kind: 'separator', label: t('Waiting Too') } as const, ...others.map(question)] : []),
  ];
}

/** It stays while it is open; then it is the turn of the one after it, and after the last one of the first. */
export function nextQuestion(before: readonly Approval[], currentId: string | undefined, open: readonly Approval[]): Approval | undefined {
  const same = open.find(({ id }) => id === currentId);
  if (same) return same;
  const place = before.findIndex(({ id }) => id === currentId);
  const fromThere = place === -1 ? [] : before.slice(place);
  const waiting = fromThere.flatMap(({ id }) => open.find((approval) => approval.id === id) ?? []);
  return waiting[0] ?? open.find(({ id }) => !before.some((known) => known.id === id)) ?? open[0];
}

/** How many lines of an editor the list hides, its input and title among them. */
export function linesBehind(rows: readonly AnswerRow[]): number {
  const drawn = rows.filter(({ kind }) => kind !== 'separator');
  const heights = drawn.map((row) => ('detail' in row && row.detail !== '' ? rowWithDetailPx : rowPx));
  return linesBehindPx(heights.reduce((sum, height) => sum + height, 0));
}

/** The same for a list whose rows all have a detail. */
export function linesBehindItems(count: number): number {
  return linesBehindPx(count * rowWithDetailPx);
}

function linesBehindPx(listPx: number): number {
  return Math.ceil((headPx + Math.min(mostListPx, listPx)) / linePx);
}

const rowPx = 22;
const rowWithDetailPx = 44;
/** Its title and input, less what of the window stands above an editor anyway. */
const headPx = 40;
/** Of a window of usual height: VS Code's own list takes no more than two fifths of it. */
const mostListPx = 400;
const linePx = 19;

function questionRow(approval: Approval, fleet: FleetState, nowMs: number, t: Translate): AnswerRow {
  return {
    kind: 'question',
    id: approval.id,
    label: `$(${questionIcon(approval.request.toolKind)}) ${pickText(approval.request.title)}`,
    description: questionParts(approval, askerOf(fleet, approval, t), nowMs, t)
      .map(pickText)
      .join(' · '),
    detail: pickText(questionTarget(approval, t)),
  };
}

/** The first one is taken by an Enter that was meant for something else. */
function answers({ request }: Approval, t: Translate): AnswerRow[] {
  if (request.form) return formAnswers(request.decisions, t);
  const all: (AnswerRow & { kind: 'answer' })[] = [
    { kind: 'answer', decision: 'deny', label: `$(close) ${t('Deny')}`, detail: '' },
    { kind: 'answer', decision: 'allowOnce', label: `$(check) ${t('Allow Once')}`, detail: '' },
    { kind: 'answer', decision: 'allowSession', label: `$(check-all) ${t('Allow for This Session')}`, detail: '' },
  ];
  return all.filter(({ decision }) => request.decisions.includes(decision));
}

function formAnswers(decisions: readonly Decision[], t: Translate): AnswerRow[] {
  const cancel: AnswerRow = { kind: 'answer', decision: 'cancel', label: `$(dash) ${t('Cancel')}`, detail: '' };
  return [
    { kind: 'answer', decision: 'deny', label: `$(close) ${t('Decline')}`, detail: '' },
    { kind: 'fill', label: `$(edit) ${t('Fill In…')}`, detail: '' },
    ...(decisions.includes('cancel') ? [cancel] : []),
  ];
}

/** No rule has values to give. */
function rules({ request }: Approval, t: Translate): AnswerRow[] {
  const always: AnswerRow = { kind: 'rule', effect: 'always', label: `$(verified) ${t('Always Allow…')}`, detail: '' };
  return [...(request.form ? [] : [always]), { kind: 'rule', effect: 'never', label: `$(circle-slash) ${t('Never Allow…')}`, detail: '' }];
}

function batch(count: number, t: Translate): AnswerRow[] {
  return count > 1 ? [{ kind: 'batch', label: `$(checklist) ${t('Answer All {0} of This Kind…', count)}`, detail: '' }] : [];
}
