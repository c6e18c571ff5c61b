/** The transcript: a virtual list of rows that follows the end until the reader scrolls up. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { ItemId } from '../../server/protocol/ids.ts';
import type { Item } from '../../server/protocol/session.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { Highlighter } from '../shared/highlighter.ts';
import { linkMessage } from '../shared/links.ts';
import { MarkdownCache } from '../shared/markdown-cache.ts';
import { isUnfenced } from './agent-status.ts';
import { AnswerTiming } from './answer-timing.ts';
import type { ChatActions } from './chat-actions.ts';
import { markdownStyles } from './items/markdown-styles.ts';
import { questionStyles } from './items/question-styles.ts';
import { itemRow } from './items/row.ts';
import type { Question, RowContext } from './items/row-context.ts';
import { rowStyles } from './items/row-styles.ts';
import type { Place } from './saved-state.ts';
import { type SessionView, turnCostUsd } from './session-view.ts';
import { columnStyles } from './styles.ts';
import { t } from './texts.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Pages that are loaded to find the place of a reader who was far up. */
const maxPagesForPlace = 5;

export class AgorTranscript extends LitElement {
  static override properties = {
    view: { attribute: false },
    isLoadingEarlier: { attribute: false },
    answering: { attribute: false },
    actions: { attribute: false },
    agent: { attribute: false },
  };
  static override styles = [baseStyles, columnStyles, markdownStyles, rowStyles, questionStyles, transcriptStyles()];

  declare view: SessionView;
  declare isLoadingEarlier: boolean;
  declare answering: ReadonlySet<string>;
  declare actions: ChatActions;
  declare agent: Agent | null;

  readonly #rows = new VirtualRows({ scroller: () => this.#scroller, onChange: () => this.requestUpdate() });
  readonly #timing = new AnswerTiming(() => this.#redraw());
  readonly #open = new Map<string, boolean>();
  readonly #context: RowContext = this.#createContext();
  /** Counts what makes rows look different although their items are the same. */
  #revision = 0;
  #wantedPlace: Place | null = null;
  #pagesLoaded = 0;
  #focusQuestion: string | null = null;

  /** Goes to where the reader was. */
  restore(place: Place): void {
    this.#wantedPlace = place.kind === 'item' ? place : null;
    this.#pagesLoaded = 0;
    if (place.kind === 'end') this.#rows.toEnd();
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
    this.#rows.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('answering')) this.#revision += 1;
    this.#rows.setItems(this.view.items);
  }

  override render(): TemplateResult {
    return html`
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
    this.#focusWantedQuestion();
    if (this.#rows.isNearStart && this.view.hasEarlier && !this.isLoadingEarlier && !this.#wantedPlace) this.actions.loadEarlier();
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.scroller') ?? null;
  }

  #row(index: number): TemplateResult | typeof nothing {
    const item = this.view.items[index];
    if (!item) return nothing;
    return html`<div class="row" data-index=${index} data-kind=${item.kind}>
      <div class="column">${guard([item, this.#revision], () => itemRow(item, this.#context))}</div>
    </div>`;
  }

  #scrolled(): void {
    this.#rows.scrolled();
    if (!this.#wantedPlace) this.actions.keepPlace(this.#rows.place());
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
    this.actions.answer(question, decision);
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
      interrupt: () => this.actions.interrupt(),
      isUnfenced: () => this.agent !== null && isUnfenced(this.agent),
      turnCostUsd: (itemId) => this.#turnCost(itemId),
    };
  }
}

function transcriptStyles() {
  return css`
    :host {
      position: relative;
      display: block;
      flex: 1 1 0;
      min-height: 0;
    }
    .scroller {
      height: 100%;
      overflow-x: hidden;
      overflow-y: auto;
      overflow-anchor: none;
      contain: strict;
    }
    .scroller:focus-visible {
      outline-offset: -2px;
    }
    .space {
      position: relative;
      width: 100%;
      overflow: hidden;
    }
    .frame {
      position: absolute;
      top: 0;
      left: 0;
      width: 100%;
    }
    .row {
      display: flow-root;
    }
    .earlier {
      position: absolute;
      top: 8px;
      left: 50%;
      transform: translateX(-50%);
      padding: 4px 12px;
      border-radius: 12px;
      background: var(--vscode-editorWidget-background);
      border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent));
    }
    .latest {
      position: absolute;
      bottom: 8px;
      left: 50%;
      transform: translateX(-50%);
      display: flex;
      align-items: center;
      gap: 4px;
      padding: 4px 12px 4px 8px;
      border-radius: 14px;
      line-height: 20px;
      color: var(--vscode-button-secondaryForeground);
      background: var(--vscode-button-secondaryBackground);
      border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
      box-shadow: 0 2px 8px var(--vscode-widget-shadow);
    }
    .latest:hover {
      background: var(--vscode-button-secondaryHoverBackground);
    }
  `;
}

customElements.define('agor-transcript', AgorTranscript);
