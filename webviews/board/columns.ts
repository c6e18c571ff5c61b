/** The columns with their cards, which are carried by the pointer or by keys. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Task } from '../../server/protocol/task.ts';
import type { Party } from '../../server/protocol/team.ts';
import { baseStyles } from '../shared/base-styles.ts';
import type { BoardActions } from './board-actions.ts';
import { carriedTo, type Grabbed, type KeyEffect, keyEffect } from './board-keys.ts';
import { type CardContext, card, cardStyles, face } from './card.ts';
import { columnsStyles } from './columns-styles.ts';
import { Drag } from './drag.ts';
import { stateLooks } from './looks.ts';
import { type Column, type Place, positionOf, withTaskAt } from './places.ts';
import { t } from './texts.ts';

export class AgorBoardColumns extends LitElement {
  static override properties = {
    columns: { attribute: false },
    parts: { attribute: false },
    openTaskId: { attribute: false },
    members: { attribute: false },
    isAdding: { attribute: false },
    isFiltered: { attribute: false },
    actions: { attribute: false },
  };
  static override styles = [baseStyles, cardStyles, columnsStyles];

  declare columns: readonly Column[];
  declare parts: CardContext['parts'];
  declare openTaskId: string | null;
  declare members: readonly Party[];
  declare isAdding: boolean;
  declare isFiltered: boolean;
  declare actions: BoardActions;

  readonly #drag = new Drag({
    board: () => this.renderRoot.querySelector<HTMLElement>('.board'),
    onChange: () => this.requestUpdate(),
    onDrop: (taskId, place) => this.#drop(taskId, place),
  });
  #grabbed: Grabbed | null = null;
  #currentId: string | null = null;
  /** The card that gets the keyboard when it is drawn. */
  #focusId: string | null = null;

  focusCard(taskId: string): void {
    this.#focusId = taskId;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drag.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('columns')) return;
    const isHere = (id: string | null) => id !== null && positionOf(this.columns, id) !== null;
    if (!isHere(this.#currentId)) this.#currentId = this.columns.flatMap(({ tasks }) => tasks)[0]?.id ?? null;
    if (!isHere(this.#grabbed?.taskId ?? null)) this.#grabbed = null;
  }

  /** A card that goes to another column is a new element: the keyboard goes with it. */
  protected override update(changed: PropertyValues<this>): void {
    const { activeElement } = this.shadowRoot ?? {};
    const focusedId = activeElement instanceof HTMLElement ? activeElement.dataset.task : undefined;
    super.update(changed);
    if (focusedId && this.shadowRoot?.activeElement !== activeElement) this.#focusId ??= focusedId;
  }

  override render(): TemplateResult {
    const shown = this.#grabbed ? carriedTo(this.columns, this.#grabbed) : this.columns;
    const context: CardContext = { now: Date.now(), parts: this.parts };
    return html`
      <p id="keys" class="hidden">${t('cardKeys')}</p>
      <div
        class="board ${this.#drag.carried ? 'dragging' : ''}"
        @pointerdown=${this.#drag.pressed}
        @click=${this.#clicked}
        @keydown=${this.#pressed}
        @focusin=${this.#focused}
      >
        ${shown.map((column) => this.#column(column, context))}
      </div>
      ${this.#ghost(context)}
    `;
  }

  protected override updated(): void {
    const ghost = this.renderRoot.querySelector<HTMLElement>('.ghost');
    const { carried } = this.#drag;
    if (ghost && carried) {
      ghost.style.width = `${carried.widthPx}px`;
      ghost.style.transform = this.#drag.transform;
    }
    if (this.#focusId === null) return;
    const wanted = this.renderRoot.querySelector<HTMLElement>(`[data-task="${CSS.escape(this.#focusId)}"]`);
    if (!wanted) return;
    this.#focusId = null;
    wanted.focus({ preventScroll: true });
    wanted.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #column(column: Column, context: CardContext): TemplateResult {
    const { state, tasks } = column;
    const { icon, word } = stateLooks[state];
    const place = this.#drag.carried?.place;
    const dropBefore = place?.state === state ? place.before : undefined;
    const count = tasks.length === 1 ? t('columnCountOne', t(word)) : t('columnCount', t(word), tasks.length);
    return html`<section class="column ${state} ${dropBefore === undefined ? '' : 'target'}" data-state=${state} aria-label=${count}>
      <h2><agor-icon name=${icon}></agor-icon>${t(word)}<span class="count" aria-hidden="true">${tasks.length}</span></h2>
      <div class="cards">
        ${state === 'todo' && this.isAdding ? html`<agor-new-task .members=${this.members} .actions=${this.actions}></agor-new-task>` : nothing}
        ${tasks.length === 0 && dropBefore === undefined ? this.#nothing(state) : nothing}
        <ul role="list">
          ${repeat(
            tasks,
            ({ id }) => id,
            (task) => html`${task.id === dropBefore ? dropMark() : nothing}${this.#item(task, context)}`,
          )}
          ${dropBefore === null ? dropMark() : nothing}
        </ul>
      </div>
    </section>`;
  }

  #nothing(state: Column['state']): TemplateResult | typeof nothing {
    if (state === 'todo' && this.isAdding) return nothing;
    return html`<p class="nothing">${t(this.isFiltered ? 'noMatch' : 'columnEmpty')}</p>`;
  }

  /** A card is drawn again only when something on it has changed. */
  #item(task: Task, context: CardContext): TemplateResult {
    const isOpen = task.id === this.openTaskId;
    const isCurrent = task.id === this.#currentId;
    const isCarried = task.id === this.#drag.carried?.taskId || task.id === this.#grabbed?.taskId;
    const parts = context.parts.get(task.number);
    const minute = Math.floor(context.now / 60_000);
    return html`<li>
      ${guard([task, isOpen, isCurrent, isCarried, parts?.done, parts?.all, minute], () => card(task, { isOpen, isCurrent, isCarried }, context))}
    </li>`;
  }

  #ghost(context: CardContext): TemplateResult | typeof nothing {
    const taskId = this.#drag.carried?.taskId;
    const task = this.columns.flatMap(({ tasks }) => tasks).find(({ id }) => id === taskId);
    return task ? html`<div class="ghost card" aria-hidden="true">${face(task, context)}</div>` : nothing;
  }

  readonly #clicked = (event: Event): void => {
    const taskId = taskIdOf(event);
    if (taskId === undefined || this.#drag.swallowsClick()) return;
    this.#grabbed = null;
    this.actions.open(taskId);
  };

  readonly #focused = (event: Event): void => {
    const taskId = taskIdOf(event);
    if (taskId === undefined || taskId === this.#currentId) return;
    this.#currentId = taskId;
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const taskId = taskIdOf(event);
    if (taskId === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const effect = keyEffect(this.columns, taskId, event, this.#grabbed);
    if (!effect) return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    this.#take(effect);
  };

  #take(effect: KeyEffect): void {
    if (effect.kind === 'focus') return this.focusCard(effect.taskId);
    if (effect.kind === 'carry') return this.#carry(effect.grabbed);
    if (effect.kind === 'move') return this.#drop(effect.taskId, effect.place);
    this.#grabbed = null;
    if (effect.kind === 'putDown' && effect.grabbed.place) return this.#drop(effect.grabbed.taskId, effect.grabbed.place);
    const taskId = effect.kind === 'putDown' ? effect.grabbed.taskId : effect.taskId;
    this.actions.announce(t('putBack', this.#numberOf(taskId)));
    this.focusCard(taskId);
  }

  #carry(grabbed: Grabbed): void {
    this.#grabbed = grabbed;
    const { taskId, place } = grabbed;
    this.actions.announce(
      place ? this.#whereText('dropped', carriedTo(this.columns, grabbed), taskId) : t('grabbed', this.#numberOf(taskId)),
    );
    this.focusCard(taskId);
  }

  #drop(taskId: string, place: Place): void {
    if (isThere(this.columns, taskId, place)) return this.focusCard(taskId);
    this.actions.announce(this.#whereText('moved', withTaskAt(this.columns, taskId, place), taskId));
    this.actions.move(taskId, place);
    this.focusCard(taskId);
  }

  #whereText(key: 'dropped' | 'moved', columns: readonly Column[], taskId: string): string {
    const position = positionOf(columns, taskId);
    if (!position) return '';
    return t(key, this.#numberOf(taskId), t(stateLooks[position.state].word), position.place, position.count);
  }

  #numberOf(taskId: string): number {
    return this.columns.flatMap(({ tasks }) => tasks).find(({ id }) => id === taskId)?.number ?? 0;
  }
}

function dropMark(): TemplateResult {
  return html`<li class="drop" role="presentation"></li>`;
}

/** Putting a card where it lies changes nothing. */
function isThere(columns: readonly Column[], taskId: string, place: Place): boolean {
  const before = positionOf(columns, taskId);
  const after = positionOf(withTaskAt(columns, taskId, place), taskId);
  return before?.state === after?.state && before?.place === after?.place;
}

function taskIdOf(event: Event): string | undefined {
  for (const target of event.composedPath()) if (target instanceof HTMLElement && target.dataset.task) return target.dataset.task;
  return undefined;
}

customElements.define('agor-board-columns', AgorBoardColumns);
