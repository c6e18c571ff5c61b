/** The short rows between messages: plan, notice, end of a turn. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PlanEntry } from '../../../server/protocol/agent-event.ts';
import type { ChatText } from '../../../server/protocol/chat-texts.ts';
import type { Item } from '../../../server/protocol/session.ts';
import type { IconName } from '../../shared/icon.ts';
import { costSourceText, costText, durationText } from '../amounts.ts';
import { t } from '../texts.ts';
import { isBadEnd, type TurnEnd, turnEndText } from '../turn-end.ts';
import type { RowContext } from './row-context.ts';

const planMarks: Record<PlanEntry['status'], { icon: IconName; word: ChatText }> = {
  pending: { icon: 'circle-outline', word: 'planPending' },
  running: { icon: 'sync', word: 'planRunning' },
  done: { icon: 'pass', word: 'planDone' },
};

export function planRow({ entries }: Extract<Item, { kind: 'plan' }>): TemplateResult {
  const done = entries.filter(({ status }) => status === 'done').length;
  return html`<div class="plan">
    <div class="plan-title"><agor-icon name="checklist"></agor-icon>${t('plan')}<span class="faint">${t('planProgress', done, entries.length)}</span></div>
    <ul>
      ${entries.map(
        ({ text, status }) =>
          html`<li class=${status}>
            <agor-icon name=${planMarks[status].icon}></agor-icon><span>${text}<span class="hidden"> (${t(planMarks[status].word)})</span></span>
          </li>`,
      )}
    </ul>
  </div>`;
}

type Notice = Extract<Item, { kind: 'notice' }>;

export function noticeRow(item: Notice, context: RowContext): TemplateResult {
  const { level, text, retry, restart, hook } = item;
  if (retry && !retry.isOver) return retryRow(retry, context);
  if (restart) return restartRow(item, restart);
  if (hook !== undefined) return html`<div class="notice ${level}"><agor-icon name="plug"></agor-icon><span>${text}</span></div>`;
  return html`<div class="notice ${level}"><agor-icon name=${level}></agor-icon><span>${text}</span></div>`;
}

/** One step of a timeline: several in a row stand on one line, each with its time. */
function restartRow({ level, text, at }: Notice, { ring, decision, attempt }: NonNullable<Notice['restart']>): TemplateResult {
  const which = decision === 'restart' ? t('restartAttempt', attempt) : t(decision === 'offline' ? 'restartOffline' : 'restartGivenUp');
  return html`<div class="notice restart ${level}">
    <agor-icon name=${decision === 'restart' ? 'debug-restart' : 'debug-stop'}></agor-icon>
    <span>${text} <span class="faint">· ${t(ring === 'sidecar' ? 'ringSidecar' : 'ringProgram')} · ${which} · ${clockText(at)}</span></span>
  </div>`;
}

function clockText(at: number): string {
  return new Date(at).toLocaleTimeString();
}

/** Stopping the turn is what ends the wait. */
function retryRow({ attempt, maxAttempts, until, failure }: NonNullable<Notice['retry']>, context: RowContext): TemplateResult {
  const count = maxAttempts === null ? t('retryAttempt', attempt) : t('retryAttemptOf', attempt, maxAttempts);
  return html`<div class="notice warning" role="status">
    <agor-icon name="clockface"></agor-icon><span>${withoutWait(failure.message)} <span class="faint">· ${count} · ${t('retryIn')} <agor-countdown until=${until}></agor-countdown></span></span>
    <button class="link-button" @click=${() => context.interrupt()}>${t('stopRetrying')}</button>
  </div>`;
}

/** The sentence of a class names the wait as it was at first; the countdown beside it is the one that is true. */
function withoutWait(message: string): string {
  return message.replace(/ — retrying( in \d+s)?$/, '');
}

export function turnEndRow(item: TurnEnd, context: RowContext): TemplateResult {
  const costUsd = context.turnCostUsd(item.id);
  // A turn that was cut has not told what it cost.
  const cost = costUsd === null || costUsd === 0 ? [] : [costText(costUsd)];
  const facts = [durationText(item.durationMs), ...cost];
  const bad = isBadEnd(item);
  return html`<div class="turn-end ${bad ? 'bad' : item.reason}">
    ${bad ? html`<agor-icon name="error"></agor-icon>` : nothing}
    <span>${turnEndText(item)}${item.failure?.retryable ? html` · ${t('retryable')}` : nothing}</span>
    <span class="faint" title=${cost.length > 0 ? costSourceText(item.usage?.costSource) : nothing}>${facts.join(' · ')}</span>
  </div>`;
}
