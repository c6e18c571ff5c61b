/** What stands above the columns: whose board it is, what narrows it down, and the button for a new task. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { BoardModel } from './board-model.ts';
import { priorities, priorityLooks } from './looks.ts';
import { isFiltering, noFilter } from './task-filter.ts';
import { t } from './texts.ts';

export function toolbar(model: BoardModel, addTask: () => void): TemplateResult {
  const { filter, showsRejected } = model;
  const rejected = t(showsRejected ? 'hideRejected' : 'showRejected');
  return html`<div class="toolbar">
    ${teamPicker(model)}
    <div class="search">
      <agor-icon name="search"></agor-icon>
      <input
        name="filter"
        type="text"
        aria-label=${t('filter')}
        placeholder=${t('filterPlaceholder')}
        .value=${live(filter.text)}
        @input=${(event: Event) => model.setFilter({ text: typedIn(event) })}
        @keydown=${(event: KeyboardEvent) => leaveFilter(event, model)}
      />
    </div>
    ${assigneePicker(model)} ${priorityPicker(model)}
    ${
      isFiltering(filter)
        ? html`<button class="icon-button" title=${t('clearFilter')} aria-label=${t('clearFilter')} @click=${() => model.setFilter(noFilter)}>
            <agor-icon name="close"></agor-icon>
          </button>`
        : nothing
    }
    <button class="icon-button toggle" title=${rejected} aria-label=${t('showRejected')} aria-pressed=${showsRejected} @click=${() => model.toggleRejected()}>
      <agor-icon name="eye"></agor-icon>
    </button>
    <vscode-button class="new-task" appearance="primary" @click=${addTask}><agor-icon slot="start" name="add"></agor-icon>${t('newTask')}</vscode-button>
  </div>`;
}

function teamPicker(model: BoardModel): TemplateResult {
  const { teams, teamId } = model;
  if (teams.length < 2) return html`<span class="team">${teams[0]?.name ?? t('title')}</span>`;
  return html`<select
    class="team"
    aria-label=${t('team')}
    title=${t('team')}
    .value=${live(teamId ?? '')}
    @change=${(event: Event) => void model.showTeam(typedIn(event))}
  >
    ${teams.map(({ id, name }) => html`<option value=${id} ?selected=${id === teamId}>${name}</option>`)}
  </select>`;
}

function assigneePicker(model: BoardModel): TemplateResult {
  const { filter, members } = model;
  return html`<select
    aria-label=${t('assignee')}
    title=${t('assignee')}
    .value=${live(filter.assignee ?? 'any')}
    @change=${(event: Event) => model.setFilter({ assignee: typedIn(event) === 'any' ? null : typedIn(event) })}
  >
    <option value="any">${t('anyAssignee')}</option>
    <option value="" ?selected=${filter.assignee === ''}>${t('nobody')}</option>
    ${members.map(({ id, name }) => html`<option value=${id} ?selected=${id === filter.assignee}>${name}</option>`)}
  </select>`;
}

function priorityPicker(model: BoardModel): TemplateResult {
  const { filter } = model;
  return html`<select
    aria-label=${t('priority')}
    title=${t('priority')}
    .value=${live(filter.priority ?? '')}
    @change=${(event: Event) => model.setFilter({ priority: priorities.find((priority) => priority === typedIn(event)) ?? null })}
  >
    <option value="">${t('anyPriority')}</option>
    ${priorities.map((priority) => html`<option value=${priority} ?selected=${priority === filter.priority}>${t(priorityLooks[priority].word)}</option>`)}
  </select>`;
}

function leaveFilter(event: KeyboardEvent, model: BoardModel): void {
  if (event.key !== 'Escape' || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  if (model.filter.text !== '') model.setFilter({ text: '' });
  else if (event.target instanceof HTMLElement) event.target.blur();
}

function typedIn({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
