/** Everything about one task, beside the board: its text and comments, and what can be changed. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Task, TaskComment, TaskPriority, TaskState } from '../../server/protocol/task.ts';
import type { Party } from '../../server/protocol/team.ts';
import { agoText } from '../shared/ago.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import { visibleText } from '../shared/visible.ts';
import { visibleParts } from '../shared/visible-text.ts';
import type { BoardActions } from './board-actions.ts';
import { nameOf, priorities, priorityLooks, stateLooks, states } from './looks.ts';
import { taskDetailStyles } from './task-detail-styles.ts';
import { t } from './texts.ts';

export class AgorTaskDetail extends LitElement {
  static override properties = {
    task: { attribute: false },
    parts: { attribute: false },
    comments: { attribute: false },
    failure: { attribute: false },
    members: { attribute: false },
    actions: { attribute: false },
    isEditing: { state: true },
    asksToDelete: { state: true },
  };
  static override styles = [baseStyles, fieldStyles, taskDetailStyles];

  declare task: Task;
  declare parts: readonly Task[];
  /** `null` while they are loaded. */
  declare comments: readonly TaskComment[] | null;
  declare failure: string | null;
  declare members: readonly Party[];
  declare actions: BoardActions;
  declare isEditing: boolean;
  declare asksToDelete: boolean;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('task') || changed.get('task')?.id === this.task.id) return;
    this.isEditing = false;
    this.asksToDelete = false;
  }

  override focus(): void {
    void this.updateComplete.then(() => this.#focus('.body'));
  }

  override render(): TemplateResult {
    const { task, actions } = this;
    return html`<aside aria-label=${t('details', task.number)} @keydown=${this.#pressed}>
      <header>
        <span class="number">#${task.number}</span>
        ${task.parent === null ? nothing : html`<span class="faint">${t('partOf', task.parent)}</span>`}
        <button class="icon-button edit-button" title=${t('edit')} aria-label=${t('edit')} @click=${this.#edit}><agor-icon name="edit"></agor-icon></button>
        <button class="icon-button" title=${t('close')} aria-label=${t('close')} @click=${() => actions.close()}><agor-icon name="close"></agor-icon></button>
      </header>
      <div class="body" tabindex="0" role="group" aria-label=${task.title}>
        ${this.isEditing ? this.#form() : this.#text()} ${this.#fields()} ${this.#held()} ${this.#parts()} ${this.#comments()}
        ${this.#deletion()}
      </div>
    </aside>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // The keyboard goes where something opened, and back when it closed.
    if (changed.get('isEditing') !== undefined) this.#focus(this.isEditing ? '[name=title]' : '.edit-button');
    if (changed.get('asksToDelete') === undefined) return;
    this.#focus(this.asksToDelete ? '.keep' : '.delete');
    this.renderRoot.querySelector('.deletion')?.scrollIntoView({ block: 'nearest' });
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  #text(): TemplateResult {
    const { title, description } = this.task;
    return html`<h2>${visibleText(visibleParts(title))}</h2>
      <div class="text ${description ? '' : 'faint'}">${description ? visibleText(visibleParts(description)) : t('noDescription')}</div>`;
  }

  #form(): TemplateResult {
    const { title, description } = this.task;
    return html`<form class="edit" @submit=${this.#saved}>
      <input name="title" maxlength="200" aria-label=${t('newTaskTitle')} .value=${title} />
      <textarea name="description" aria-label=${t('description')} placeholder=${t('descriptionPlaceholder')} .value=${description}></textarea>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => this.#stopEditing()}>${t('cancel')}</vscode-button>
        <vscode-button appearance="primary" @click=${this.#saved}>${t('save')}</vscode-button>
      </div>
    </form>`;
  }

  #fields(): TemplateResult {
    const { task, actions } = this;
    const { assignee } = task;
    const isOutside = assignee !== null && !this.members.some(({ id }) => id === assignee.id);
    return html`<div class="fields">
      <label for="state">${t('state')}</label>
      <select id="state" .value=${live(task.state)} @change=${(event: Event) => actions.move(task.id, { state: chosenIn(event) as TaskState, before: null })}>
        ${states.map((state) => html`<option value=${state} ?selected=${state === task.state}>${t(stateLooks[state].word)}</option>`)}
      </select>
      <label for="priority">${t('priority')}</label>
      <select id="priority" .value=${live(task.priority)} @change=${(event: Event) => actions.edit(task, { priority: chosenIn(event) as TaskPriority })}>
        ${priorities.map((priority) => html`<option value=${priority} ?selected=${priority === task.priority}>${t(priorityLooks[priority].word)}</option>`)}
      </select>
      <label for="assignee">${t('assignee')}</label>
      <select id="assignee" .value=${live(assignee?.id ?? '')} @change=${(event: Event) => actions.assign(task, chosenIn(event) || null)}>
        <option value="" ?selected=${!assignee}>${t('nobody')}</option>
        ${isOutside ? html`<option value=${assignee.id} selected>${nameOf(assignee)}</option>` : nothing}
        ${this.members.map(({ id, name }) => html`<option value=${id} ?selected=${id === assignee?.id}>${name}</option>`)}
      </select>
    </div>
    <p class="faint">${t('createdBy', nameOf(task.createdBy), agoText(task.createdAt, Date.now()))} · ${t('updated', agoText(task.updatedAt, Date.now()))}</p>`;
  }

  #held(): TemplateResult | typeof nothing {
    const { task, actions } = this;
    if (!task.isHeld) return nothing;
    return html`<section class="held">
      <p><agor-icon name="shield"></agor-icon><span><strong>${t('held')}.</strong> ${t('heldDetail')}</span></p>
      <ul>
        ${task.findings.map(({ meaning, excerpt }) => html`<li>${meaning} <q>${visibleText(visibleParts(excerpt))}</q></li>`)}
      </ul>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => actions.settleHeld(task, 'screening/discard')}>${t('discard')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => actions.settleHeld(task, 'screening/release')}>${t('release')}</vscode-button>
      </div>
    </section>`;
  }

  #parts(): TemplateResult | typeof nothing {
    if (this.parts.length === 0) return nothing;
    return html`<section>
      <h3>${t('partsTitle')}</h3>
      <ul class="parts">
        ${this.parts.map(
          (part) =>
            html`<li>
              <button @click=${() => this.actions.open(part.id)}>
                <agor-icon name=${stateLooks[part.state].icon}></agor-icon><span class="number">#${part.number}</span><span class="part">${part.title}</span>
                <span class="hidden">${t(stateLooks[part.state].word)}</span>
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #comments(): TemplateResult {
    return html`<section>
      <h3>${t('commentsTitle')}</h3>
      ${this.failure === null ? this.#commentList() : html`<p>${t('detailFailed', this.failure)}</p>`}
      <form class="comment-form" @submit=${this.#commented} @keydown=${this.#commentKey}>
        <textarea name="comment" rows="2" aria-label=${t('addComment')} placeholder=${t('addComment')}></textarea>
        <div class="buttons"><vscode-button appearance="secondary" @click=${this.#commented}>${t('comment')}</vscode-button></div>
      </form>
    </section>`;
  }

  #commentList(): TemplateResult {
    if (!this.comments) return html`<p class="faint">${t('loading')}</p>`;
    if (this.comments.length === 0) return html`<p class="faint">${t('noComments')}</p>`;
    const now = Date.now();
    return html`<ol class="comments">
      ${this.comments.map(
        ({ author, text, createdAt, isHeld }) =>
          html`<li>
            <div class="by"><strong>${nameOf(author)}</strong><span class="faint">${agoText(createdAt, now)}</span>${isHeld ? html`<span class="faint">· ${t('held')}</span>` : nothing}</div>
            <div class="text">${visibleText(visibleParts(text))}</div>
          </li>`,
      )}
    </ol>`;
  }

  #deletion(): TemplateResult {
    if (!this.asksToDelete) {
      return html`<div class="deletion"><button class="link-button delete" @click=${() => this.#ask()}><agor-icon name="trash"></agor-icon>${t('delete')}</button></div>`;
    }
    return html`<div class="deletion question" role="alertdialog" aria-label=${t('deleteQuestion')}>
      <p>${t('deleteQuestion')}</p>
      <div class="buttons">
        <vscode-button class="keep" appearance="secondary" @click=${() => this.#stopAsking()}>${t('keep')}</vscode-button>
        <vscode-button appearance="primary" @click=${() => this.actions.remove(this.task)}>${t('delete')}</vscode-button>
      </div>
    </div>`;
  }

  readonly #edit = (): void => {
    this.isEditing = true;
  };

  #stopEditing(): void {
    this.isEditing = false;
  }

  #ask(): void {
    this.asksToDelete = true;
  }

  #stopAsking(): void {
    this.asksToDelete = false;
  }

  /** Escape leaves the innermost thing that is open. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    if (this.isEditing) this.#stopEditing();
    else if (this.asksToDelete) this.#stopAsking();
    else this.actions.close();
  };

  readonly #saved = (event: Event): void => {
    event.preventDefault();
    const title = this.#value('title').trim();
    const description = this.#value('description');
    const changes = {
      ...(title === this.task.title || title === '' ? {} : { title }),
      ...(description === this.task.description ? {} : { description }),
    };
    if (Object.keys(changes).length > 0) this.actions.edit(this.task, changes);
    this.#stopEditing();
  };

  readonly #commentKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#commented(event);
  };

  readonly #commented = (event: Event): void => {
    event.preventDefault();
    void this.#comment();
  };

  async #comment(): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>('[name=comment]');
    if (field && (await this.actions.comment(this.task, field.value))) field.value = '';
  }

  #value(name: 'title' | 'description'): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? '';
  }
}

/** The options of the select are what the caller takes its value for. */
function chosenIn(event: Event): string {
  return event.target instanceof HTMLSelectElement ? event.target.value : '';
}

customElements.define('agor-task-detail', AgorTaskDetail);
