/** What stands above the rows: what narrows them down, the check of the log, and the export. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { AuditGroup } from '../../server/protocol/audit-groups.ts';
import { auditGroups } from '../../server/protocol/audit-groups.ts';
import type { AuditText } from '../../server/protocol/audit-texts.ts';
import type { AuditModel } from './audit-model.ts';
import { groupNames, isFiltering, noFilter, type Span, spans } from './row-filter.ts';
import { agentText } from './row-words.ts';
import { t } from './texts.ts';

const groupTexts: Record<AuditGroup, AuditText> = {
  agents: 'groupAgents',
  safety: 'groupSafety',
  messages: 'groupMessages',
  tasks: 'groupTasks',
  setup: 'groupSetup',
  trouble: 'groupTrouble',
};
const spanTexts: Record<Span, AuditText> = {
  any: 'anyTime',
  quarter: 'lastQuarter',
  hour: 'lastHour',
  day: 'lastDay',
  week: 'lastWeek',
  between: 'between',
};

export function toolbar(model: AuditModel, typed: (text: string) => void): TemplateResult {
  const { filter, verification } = model;
  const heartbeats = t(filter.heartbeats ? 'hideHeartbeats' : 'heartbeats');
  return html`<div class="toolbar" role="search">
    <div class="search">
      <agor-icon name="search"></agor-icon>
      <input
        name="text"
        type="text"
        aria-label=${t('text')}
        placeholder=${t('textPlaceholder')}
        .value=${live(filter.text)}
        @input=${(event: Event) => typed(typedIn(event))}
        @keydown=${(event: KeyboardEvent) => leaveText(event, model)}
      />
    </div>
    ${eventPicker(model)} ${agentPicker(model)} ${timePicker(model)} ${filter.span === 'between' ? timeFields(model) : nothing}
    <button
      class="icon-button toggle"
      title=${heartbeats}
      aria-label=${t('heartbeats')}
      aria-pressed=${filter.heartbeats}
      @click=${() => model.setFilter({ heartbeats: !filter.heartbeats })}
    >
      <agor-icon name="pulse"></agor-icon>
    </button>
    ${
      isFiltering(filter)
        ? html`<button class="icon-button" title=${t('clearFilter')} aria-label=${t('clearFilter')} @click=${() => model.setFilter(noFilter)}>
            <agor-icon name="close"></agor-icon>
          </button>`
        : nothing
    }
    <div class="actions">
      <vscode-button appearance="secondary" title=${t('verifyTitle')} ?disabled=${verification.kind === 'running'} @click=${() => model.verify()}>
        <agor-icon slot="start" name="verified"></agor-icon>${t('verify')}
      </vscode-button>
      <vscode-button appearance="secondary" title=${t('exportTitle')} @click=${() => model.export()}>
        <agor-icon slot="start" name="export"></agor-icon>${t('export')}
      </vscode-button>
    </div>
  </div>`;
}

function eventPicker(model: AuditModel): TemplateResult {
  const { event } = model.filter;
  const others = otherEvents(model);
  return html`<select
    aria-label=${t('event')}
    title=${t('event')}
    .value=${live(event)}
    @change=${(change: Event) => model.setFilter({ event: typedIn(change) })}
  >
    <option value="">${t('anyEvent')}</option>
    <option value="group:alerts" ?selected=${event === 'group:alerts'}>${t('alerts')}</option>
    ${groupNames.map((group) => {
      const name = t(groupTexts[group]);
      const all = `group:${group}`;
      return html`<optgroup label=${name}>
        <option value=${all} ?selected=${event === all}>${t('allOfGroup', name)}</option>
        ${auditGroups[group].map((known) => html`<option value=${known} ?selected=${event === known}>${known}</option>`)}
      </optgroup>`;
    })}
    ${
      others.length === 0
        ? nothing
        : html`<optgroup label=${t('otherEvents')}>
            ${others.map((other) => html`<option value=${other} ?selected=${event === other}>${other}</option>`)}
          </optgroup>`
    }
  </select>`;
}

/** Of a newer build, as far as they were seen. */
function otherEvents({ rows, filter }: AuditModel): string[] {
  const known = new Set<string>(Object.values(auditGroups).flat());
  const seen = [...rows.records.map(({ event }) => event), filter.event];
  return [...new Set(seen)].filter((event) => event !== '' && !event.startsWith('group:') && !known.has(event)).sort();
}

function agentPicker(model: AuditModel): TemplateResult {
  const { filter, names, rows } = model;
  const seen = [...rows.records.map(({ agentId }) => agentId), filter.agentId];
  const removed = [...new Set(seen)].filter((id) => id !== null).filter((id) => !names.has(id));
  const known = [...names].sort(([, left], [, right]) => left.localeCompare(right));
  return html`<select
    aria-label=${t('agent')}
    title=${t('agent')}
    .value=${live(filter.agentId ?? '')}
    @change=${(event: Event) => model.setFilter({ agentId: typedIn(event) || null })}
  >
    <option value="">${t('anyAgent')}</option>
    ${known.map(([id, name]) => html`<option value=${id} ?selected=${id === filter.agentId}>${name}</option>`)}
    ${removed.map((id) => html`<option value=${id} ?selected=${id === filter.agentId}>${t('removedAgent', agentText(id, names))}</option>`)}
  </select>`;
}

function timePicker(model: AuditModel): TemplateResult {
  const { span } = model.filter;
  return html`<select
    aria-label=${t('time')}
    title=${t('time')}
    .value=${live(span)}
    @change=${(event: Event) => model.setFilter({ span: spans.find((known) => known === typedIn(event)) ?? 'any' })}
  >
    ${spans.map((known) => html`<option value=${known} ?selected=${known === span}>${t(spanTexts[known])}</option>`)}
  </select>`;
}

function timeFields(model: AuditModel): TemplateResult {
  const { from, to } = model.filter;
  const field = (name: 'from' | 'to', value: string) => html`<label class="moment">
    <span>${t(name)}</span>
    <input
      name=${name}
      type="datetime-local"
      step="1"
      .value=${live(value)}
      @change=${(event: Event) => model.setFilter({ [name]: typedIn(event) })}
    />
  </label>`;
  return html`<div class="moments">${field('from', from)} ${field('to', to)}</div>`;
}

function leaveText(event: KeyboardEvent, model: AuditModel): void {
  if (event.key !== 'Escape' || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  if (model.filter.text !== '') void model.setFilter({ text: '' });
  else if (event.target instanceof HTMLElement) event.target.blur();
}

function typedIn({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
