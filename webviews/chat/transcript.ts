/** The transcript: a virtual list of rows that follows the end until the reader scrolls up. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { ItemId, PromptId } from '../../server/protocol/ids.ts';
import type { RuleEffect } from '../../server/protocol/rule.ts';
import type { Item } from '../../server/protocol/session.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { foundStyles } from '../shared/found.ts';
import { Highlighter } from '../shared/highlighter.ts';
import { linkMessage } from '../shared/links.ts';
import { MarkdownCache } from '../shared/markdown-cache.ts';
import { isUnfenced, sendablePrompt } from './agent-status.ts';
import { AnswerTiming } from './answer-timing.ts';
import { archivedNote } from './archived-note.ts';
import type { ChatActions } from './chat-actions.ts';
import { FoundMark } from './found-mark.ts';
import { FormDrafts } from './items/form-drafts.ts';
import { markdownStyles } from './items/markdown-styles.ts';
import { questionStyles } from './items/question-styles.ts';
import { itemRow } from './items/row.ts';
import type { Question, RowContext } from './items/row-context.ts';
import { rowStyles } from './items/row-styles.ts';
import type { Place } from './saved-state.ts';
import { type SessionView, turnCostUsd } from './session-view.ts';
import { columnStyles } from './styles.ts';
import { t } from './texts.ts';
import { transcriptStyles } from './transcript-styles.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Pages that are loaded to find the place of a reader who was far up. */
const maxPagesForPlace = 5;
/** A hit of the search may be anywhere in a long conversation. */
const maxPagesForHit = 200;
const hitPageSize = 1000;
const pxAboveHit = 48;

export class AgorTranscript extends LitElement {
  static override properties = {
    view: { attribute: false },
    isLoadingEarlier: { attribute: false },
    answering: { attribute: false },
    known: { attribute: false },
    actions: { attribute: false },
    agent: { attribute: false },
  };
  static override styles = [baseStyles, columnStyles, markdownStyles, rowStyles, questionStyles, foundStyles, transcriptStyles];

  declare view: SessionView;
  declare isLoadingEarlier: boolean;
  declare answering: ReadonlySet<string>;
  /** What the backend knows of the questions, by their ids. */
  declare known: ReadonlyMap<string, Approval>;
  declare actions: ChatActions;
  declare agent: Agent | null;

  readonly #rows = new VirtualRows({ scroller: () => this.#scroller, onChange: () => this.requestUpdate() });
  readonly #timing = new AnswerTiming(() => this.#redraw());
  readonly #open = new Map<string, boolean>();
  readonly #context: RowContext = this.#createContext();
  /** Counts what makes rows look different although their items are the same. */
  #revision = 0;
  #sendable: PromptId | null = null;
  #wantedPlace: Place | null = null;
  #pagesLoaded = 0;
  #focusQuestion: string | null = null;
  #wantedHit: { readonly itemId: string; readonly keyboard: 'take' | 'leave' } | null = null;
  readonly #found = new FoundMark(() => this.requestUpdate());

  /** Goes to where the reader was. */
  restore(place: Place): void {
    this.#wantedPlace = place.kind === 'item' ? place : null;
    this.#pagesLoaded = 0;
    if (place.kind === 'end') this.#rows.toEnd();
    this.requestUpdate();
  }

  /** Goes to an item, however far up it is, and marks it for a moment. */
  showItem(itemId: string, keyboard: 'take' | 'leave'): void {
    this.#wantedHit = { itemId, keyboard };
    this.#wantedPlace = null;
    this.#pagesLoaded = 0;
    // What is loaded on the way there stays.
    this.actions.keepPlace({ kind: 'item', itemId, offsetPx: -pxAboveHit });
    this.requestUpdate();
  }

  /** Shows a question and puts the keyboard there; not on a button, so that no key press answers it by accident. */
  showQuestion(question: Question): void {
    const index = this.view.items.findLastIndex((item) => item.id === question.id);
    if (index < 0) return;
    this.#focusQuestion = question.approvalId;
    this.#rows.toRow(index, 'center');
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timing.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#timing.disconnect();
    this.#found.forget();
    this.#rows.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const sendable = sendablePrompt(this.agent, this.view.items);
    if (changed.has('answering') || changed.has('known') || sendable !== this.#sendable) this.#revision += 1;
    this.#sendable = sendable;
    this.#rows.setItems(this.view.items);
  }

  override render(): TemplateResult {
    const { session, hasEarlier } = this.view;
    return html`
      ${session.archived && !hasEarlier ? archivedNote(session, session.archived, this.actions) : nothing}
      <div
        class="scroller"
        role="log"
        aria-live="off"
        aria-label=${t('transcript')}
        tabindex="0"
        @scroll=${this.#scrolled}
        @keydown=${this.#pressed}
        @click=${this.#clicked}
        @auxclick=${this.#clicked}
        @pointerover=${this.#timing.pointerOver}
      >
        <div class="space">
          <div class="frame">
            ${repeat(
              this.#rows.visible,
              (row) => row.key,
              (row) => this.#row(row.index),
            )}
          </div>
        </div>
      </div>
      ${this.isLoadingEarlier ? html`<div class="earlier faint">${t('loadingEarlier')}</div>` : nothing}
      ${
        this.#rows.isFollowing
          ? nothing
          : html`<button class="latest" @click=${() => this.#rows.toEnd()}><agor-icon name="arrow-down"></agor-icon>${t('jumpToLatest')}</button>`
      }
    `;
  }

  protected override updated(): void {
    const space = this.renderRoot.querySelector<HTMLElement>('.space');
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    if (!space || !frame) return;
    this.#rows.drawn({ space, frame, rows: frame.querySelectorAll<HTMLElement>(':scope > .row') });
    this.#goToWantedPlace();
    this.#goToWantedHit();
    this.#focusWantedQuestion();
    const isOnItsWay = this.#wantedPlace !== null || this.#wantedHit !== null;
    if (this.#rows.isNearStart && this.view.hasEarlier && !this.isLoadingEarlier && !isOnItsWay) this.actions.loadEarlier();
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.scroller') ?? null;
  }

  #row(index: number): TemplateResult | typeof nothing {
    const item = this.view.items[index];
    if (!item) return nothing;
    return html`<div class=${this.#found.isOn(item.id) ? 'row found' : 'row'} data-index=${index} data-kind=${item.kind}>
      <div class="column">${guard([item, this.#revision], () => itemRow(item, this.#context))}</div>
    </div>`;
  }

  #scrolled(): void {
    this.#rows.scrolled();
    if (!this.#wantedPlace && !this.#wantedHit) this.actions.keepPlace(this.#rows.place());
  }

  /** The browser glides to either end and gives up when rows on the way turn out to be of another height. */
  #pressed(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.shiftKey) return;
    if (event.key === 'End') this.#rows.toEnd();
    else if (event.key === 'Home') this.#rows.toRow(0, 'start');
    else return;
    event.preventDefault();
  }

  /** The page never navigates, also not by the handler that VS Code has on the document. */
  #clicked(event: Event): void {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const message = linkMessage(link.getAttribute('href') ?? '');
    if (message && event.type === 'click') this.actions.post(message);
  }

  #goToWantedPlace(): void {
    const place = this.#wantedPlace;
    if (place?.kind !== 'item' || this.view.items.length === 0 || this.isLoadingEarlier) return;
    const index = this.view.items.findIndex((item) => item.id === place.itemId);
    if (index < 0 && this.view.hasEarlier && this.#pagesLoaded < maxPagesForPlace) {
      this.#pagesLoaded += 1;
      this.actions.loadEarlier();
      return;
    }
    this.#wantedPlace = null;
    if (index >= 0) this.#rows.toRow(index, 'start', place.offsetPx);
    else this.#rows.toEnd();
  }

  #goToWantedHit(): void {
    const hit = this.#wantedHit;
    if (!hit || this.view.items.length === 0 || this.isLoadingEarlier) return;
    const index = this.view.items.findIndex(({ id }) => id === hit.itemId);
    if (index < 0 && this.view.hasEarlier && this.#pagesLoaded < maxPagesForHit) {
      this.#pagesLoaded += 1;
      return this.actions.loadEarlier(hitPageSize);
    }
    this.#wantedHit = null;
    if (index < 0) this.actions.keepPlace(this.#rows.place());
    if (index < 0) return this.actions.report(t('foundGone'));
    this.#mark(hit.itemId);
    this.#rows.toRow(index, 'start', -pxAboveHit);
    this.actions.announce(t('foundShown'));
    if (hit.keyboard === 'take') this.#scroller?.focus({ preventScroll: true });
  }

  /** What is folded is opened: the words that were looked for may be in it. */
  #mark(itemId: string): void {
    this.#found.set(itemId);
    this.#open.set(itemId, true);
    this.#redraw();
  }

  #focusWantedQuestion(): void {
    if (!this.#focusQuestion) return;
    const card = this.renderRoot.querySelector<HTMLElement>(`[data-question="${CSS.escape(this.#focusQuestion)}"]`);
    if (!card) return;
    this.#focusQuestion = null;
    card.focus({ preventScroll: true });
  }

  #redraw(): void {
    this.#revision += 1;
    this.requestUpdate();
  }

  #answer(question: Question, decision: Decision, by: 'keyboard' | 'pointer'): void {
    if (this.#timing.isTooSoon(question.approvalId, by)) return;
    this.#timing.answered();
    this.actions.answer(question, decision, decision === 'allowOnce' ? this.#context.forms.values(question) : undefined);
  }

  /** For how long is asked by VS Code, which also says what it is about. */
  #addRule({ approvalId, hash }: Question, effect: RuleEffect, by: 'keyboard' | 'pointer'): void {
    if (!this.#timing.isTooSoon(approvalId, by)) this.actions.post({ type: 'addRule', approvalId, hash, effect });
  }

  #questionState({ approvalId }: Question): 'ready' | 'resting' | 'answering' {
    if (this.answering.has(approvalId)) return 'answering';
    return this.#timing.isResting(approvalId) ? 'resting' : 'ready';
  }

  #turnCost(itemId: ItemId): number | null {
    const index = this.view.items.findLastIndex((item: Item) => item.id === itemId);
    return index < 0 ? null : turnCostUsd(this.view, index);
  }

  #createContext(): RowContext {
    return {
      markdown: new MarkdownCache(),
      forms: new FormDrafts(() => this.#redraw()),
      highlighter: new Highlighter(() => this.#redraw()),
      isOpen: (part) => this.#open.get(part),
      setOpen: (part, isOpen) => {
        this.#open.set(part, isOpen);
        this.#redraw();
      },
      post: (message) => this.actions.post(message),
      copy: (text) => this.actions.copy(text),
      answer: (question, decision, by) => this.#answer(question, decision, by),
      questionState: (question) => this.#questionState(question),
      approvalOf: ({ approvalId }) => this.known.get(approvalId),
      addRule: (question, effect, by) => this.#addRule(question, effect, by),
      interrupt: () => this.actions.interrupt(),
      maySendNow: (promptId) => promptId === this.#sendable,
      sendNow: (promptId) => this.actions.sendNow(promptId),
      isUnfenced: () => this.agent !== null && isUnfenced(this.agent),
      turnCostUsd: (itemId) => this.#turnCost(itemId),
    };
  }
}

customElements.define('agor-transcript', AgorTranscript);
