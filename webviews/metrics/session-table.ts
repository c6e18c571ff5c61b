/** The sessions one by one; each heading sorts, and each title opens its session. */
import { html, nothing, type TemplateResult } from 'lit';
import { contextRatio } from '../../server/protocol/context-ratio.ts';
import type { MeasuredSession, SessionStatus } from '../../server/protocol/metrics.ts';
import { agoText } from '../shared/ago.ts';
import type { IconName } from '../shared/icon.ts';
import { countText, durationText, percentText, tokensText, usdText } from './figures.ts';
import type { MetricsModel } from './metrics-model.ts';
import { type ColumnName, columns, durationOf } from './session-rows.ts';
import { t } from './texts.ts';

const isNumber: ReadonlySet<ColumnName> = new Set<ColumnName>(['duration', 'turns', 'tools', 'gathering', 'peakTokens', 'cost']);
const statusIcons: Record<SessionStatus, IconName> = { success: 'pass', error: 'error', stopped: 'stop-circle' };

export function sessionTable(model: MetricsModel): TemplateResult {
  const { rows, project } = model;
  if (rows.length === 0) return html`<p class="faint no-match">${t('noMatch')}</p>`;
  const now = Date.now();
  return html`<div class="table" tabindex="0" role="region" aria-label=${t('sessionsOf', project?.name ?? '')}>
    <table>
      <thead>
        <tr>
          ${columns.map((column) => heading(model, column))}
        </tr>
      </thead>
      <tbody>
        ${rows.map((session) => row(model, session, now))}
      </tbody>
    </table>
  </div>`;
}

function heading(model: MetricsModel, column: ColumnName): TemplateResult {
  const { sort } = model;
  const isSorted = sort.column === column;
  const order = isSorted ? (sort.direction === 'up' ? 'ascending' : 'descending') : 'none';
  const icon = sort.direction === 'up' ? 'chevron-up' : 'chevron-down';
  return html`<th scope="col" aria-sort=${order} class=${isNumber.has(column) ? 'number' : ''}>
    <button title=${column === 'gathering' ? t('gatheringMeans') : nothing} @click=${() => model.sortBy(column)}>${t(column)}${isSorted ? html`<agor-icon name=${icon}></agor-icon>` : nothing}</button>
  </th>`;
}

function row(model: MetricsModel, session: MeasuredSession, now: number): TemplateResult {
  const { status, errorMessage, endReason, turnCount, toolCallCount, peakTokens, costUsd, model: modelName } = session;
  return html`<tr>
    <td class="faint" title=${new Date(session.endTime).toLocaleString()}>${agoText(session.endTime, now, 'narrow')}</td>
    <td class="agent-name">${session.agentName}</td>
    <td class="title">${title(model, session)}${why(errorMessage)}${why(hookText(session))}</td>
    <td class="status ${status}" title=${endReason ?? ''}><agor-icon name=${statusIcons[status]}></agor-icon>${t(status)}</td>
    <td class="number">${durationText(durationOf(session))}</td>
    <td class="number">${countText(turnCount)}</td>
    <td class="number">${countText(toolCallCount)}</td>
    <td class="number">${percentText(contextRatio(session))}</td>
    <td class="number">${tokensText(peakTokens)}</td>
    <td class="number">${usdText(costUsd)}</td>
    <td class="model faint">${modelName ?? '–'}</td>
  </tr>`;
}

function why(sentence: string | null): TemplateResult | typeof nothing {
  return sentence === null ? nothing : html`<div class="why" title=${sentence}>${sentence}</div>`;
}

function hookText({ hookFailureCount }: MeasuredSession): string | null {
  if (hookFailureCount === null || hookFailureCount === 0) return null;
  return hookFailureCount === 1 ? t('hookFailed') : t('hooksFailed', hookFailureCount);
}

/** A session whose agent is gone has nobody who could open it. */
function title(model: MetricsModel, { title: text, agentId, sessionId }: MeasuredSession): TemplateResult {
  const shown = text || t('untitled');
  if (agentId === null) return html`<span>${shown}</span>`;
  return html`<button class="link-button" @click=${() => model.openAgent(agentId, sessionId)}>${shown}</button>`;
}
