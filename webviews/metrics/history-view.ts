/** What the last sessions of a project cost and did: five small charts, the sums, and the sessions one by one. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { MeasuredSession, SessionStatus } from '../../server/protocol/metrics.ts';
import { explanation } from '../shared/explanation.ts';
import { countText, durationText, tokensText, usdText } from './figures.ts';
import type { MetricsModel } from './metrics-model.ts';
import { durationOf, noFilter, statuses, summaryOf } from './session-rows.ts';
import { sessionTable } from './session-table.ts';
import { sparkline } from './sparkline.ts';
import { t } from './texts.ts';

export function historyView(model: MetricsModel): TemplateResult {
  const { sessions } = model;
  return html`<div class="history">${toolbar(model)} ${sessions === null ? html`<p class="faint loading">${t('loading')}</p>` : body(model, sessions)}</div>`;
}

function body(model: MetricsModel, sessions: readonly MeasuredSession[]): TemplateResult {
  if (sessions.length === 0) return explanation({ icon: 'clockface', title: t('noSessions'), detail: t('noSessionsDetail') });
  const oldestFirst = sessions.toReversed();
  return html`<div class="charts">${charts.map((chart) => chartCard(chart, oldestFirst))}</div>
    ${sums(sessions)} ${sessionTable(model)}`;
}

type Chart = {
  readonly label: 'cost' | 'tokens' | 'turns' | 'tools' | 'duration';
  readonly value: (session: MeasuredSession) => number | null;
  readonly said: (value: number | null) => string;
};

const charts: readonly Chart[] = [
  { label: 'cost', value: ({ costUsd }) => costUsd, said: usdText },
  { label: 'tokens', value: ({ peakTokens }) => peakTokens, said: tokensText },
  { label: 'turns', value: ({ turnCount }) => turnCount, said: countText },
  { label: 'tools', value: ({ toolCallCount }) => toolCallCount, said: countText },
  { label: 'duration', value: durationOf, said: durationText },
];

function chartCard({ label, value, said }: Chart, sessions: readonly MeasuredSession[]): TemplateResult {
  const values = sessions.map(value);
  const { last, average, highest, lowest } = summaryOf(values);
  const name = t(label === 'tokens' ? 'peakTokens' : label);
  const words = highest === null ? t('chartUnknown', name) : t('chart', name, said(last), said(average), said(highest), said(lowest));
  return html`<section class="card chart">
    <h2>${name}</h2>
    <div class="value">${said(last)} <span class="faint">${t('last')}</span></div>
    ${highest === null ? html`<div class="sparkline faint">${t('unknown')}</div>` : sparkline(values, words)}
    <dl class="bounds">
      <div><dt>${t('average')}</dt><dd>${said(average)}</dd></div>
      <div><dt>${t('highest')}</dt><dd>${said(highest)}</dd></div>
      <div><dt>${t('lowest')}</dt><dd>${said(lowest)}</dd></div>
    </dl>
  </section>`;
}

function sums(sessions: readonly MeasuredSession[]): TemplateResult {
  const count = (status: SessionStatus) => sessions.filter((session) => session.status === status).length;
  const known = sessions.flatMap(({ costUsd }) => costUsd ?? []);
  const cost = known.length === 0 ? null : known.reduce((sum, usd) => sum + usd, 0);
  const sum = (label: string, value: string | number) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="sums">
    ${sum(t('sessionCount'), sessions.length)} ${statuses.map((status) => sum(t(status), count(status)))}
    ${sum(`${t('cost')} ${t('inAll')}`, usdText(cost))} ${sum(
      `${t('turns')} ${t('inAll')}`,
      total(sessions, ({ turnCount }) => turnCount),
    )}
    ${sum(
      `${t('tools')} ${t('inAll')}`,
      total(sessions, ({ toolCallCount }) => toolCallCount),
    )}
    ${sum(`${t('duration')} ${t('inAll')}`, durationText(total(sessions, durationOf)))}
  </dl>`;
}

function total(sessions: readonly MeasuredSession[], value: (session: MeasuredSession) => number): number {
  return sessions.reduce((sum, session) => sum + value(session), 0);
}

function toolbar(model: MetricsModel): TemplateResult {
  const { projects, project, filter, sessions } = model;
  const isFiltering = filter.text !== '' || filter.status !== null;
  return html`<div class="toolbar">
    <select aria-label=${t('project')} title=${t('project')} .value=${live(project?.projectId ?? '')} @change=${(event: Event) => model.showProject(typedIn(event))}>
      ${projects.map(({ projectId, name }) => html`<option value=${projectId} ?selected=${projectId === project?.projectId}>${name}</option>`)}
    </select>
    <div class="search">
      <agor-icon name="search"></agor-icon>
      <input name="filter" type="text" aria-label=${t('filter')} placeholder=${t('filterPlaceholder')} .value=${live(filter.text)} @input=${(event: Event) => model.setFilter({ text: typedIn(event) })} />
    </div>
    <select aria-label=${t('status')} title=${t('status')} .value=${live(filter.status ?? '')} @change=${(event: Event) => model.setFilter({ status: statuses.find((status) => status === typedIn(event)) ?? null })}>
      <option value="">${t('anyStatus')}</option>
      ${statuses.map((status) => html`<option value=${status} ?selected=${status === filter.status}>${t(status)}</option>`)}
    </select>
    ${
      isFiltering
        ? html`<button class="icon-button" title=${t('clearFilter')} aria-label=${t('clearFilter')} @click=${() => model.setFilter(noFilter)}>
            <agor-icon name="close"></agor-icon>
          </button>`
        : nothing
    }
    <vscode-button class="export" appearance="secondary" ?disabled=${!sessions || sessions.length === 0} @click=${() => model.exportCsv()}>${t('exportCsv')}</vscode-button>
  </div>`;
}

function typedIn({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
