/** The Comms tab: what waits for the person, the conversations, the channels of the team, and where one writes. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Agent } from '../../../server/protocol/agent.ts';
import type { Message } from '../../../server/protocol/message.ts';
import { baseStyles } from '../../shared/base-styles.ts';
import { explanation, explanationStyles } from '../../shared/explanation.ts';
import { foundForMs, foundStyles } from '../../shared/found.ts';
import { composerBoxStyles } from '../composer-styles.ts';
import { statusLineStyles } from '../status-lines.ts';
import { columnStyles } from '../styles.ts';
import { t } from '../texts.ts';
import type { CommsActions } from './comms-actions.ts';
import { commsComposer } from './comms-composer.ts';
import type { Box, CommsModel } from './comms-model.ts';
import { commsStyles } from './comms-styles.ts';
import { messageRow } from './message-row.ts';
import { messageStyles } from './message-styles.ts';
import { type Thread, threadsOf } from './threads.ts';
import { deadLetterItems, heldItems } from './waiting.ts';

const endThresholdPx = 32;
/** How far back a message that is wanted is looked for. */
const maxPagesForMessage = 40;
const messagePageSize = 500;

export class AgorComms extends LitElement {
  static override properties = {
    model: { attribute: false },
    agent: { attribute: false },
    revision: { attribute: false },
    actions: { attribute: false },
  };
  static override styles = [
    baseStyles,
    columnStyles,
    explanationStyles,
    statusLineStyles,
    composerBoxStyles,
    messageStyles,
    commsStyles,
    foundStyles,
  ];

  declare model: CommsModel;
  declare agent: Agent;
  /** Another one: the model has changed. */
  declare revision: number;
  declare actions: CommsActions;

  /** The end is followed until the reader scrolls up. */
  #isFollowing = true;
  /** How far above the end the reader was when an earlier page was asked for. */
  #heightBelowPx: number | null = null;
  #wanted: { readonly id: string; readonly keyboard: 'take' | 'leave' } | null = null;
  #pagesLoaded = 0;
  #foundId: string | null = null;
  #foundTimer: ReturnType<typeof setTimeout> | undefined;
  /** What was unread when the tab was opened stays marked until the next visit. */
  readonly #unreadIds = new Set<string>();

  /** Goes to a message, a held text or a dead letter, as soon as it is there. */
  showMessage(id: string, keyboard: 'take' | 'leave'): void {
    this.#wanted = { id, keyboard };
    this.#pagesLoaded = 0;
    if (this.model.box.kind !== 'agent') this.actions.showBox({ kind: 'agent' });
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#foundTimer);
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('vscode-text-area')?.focus());
  }

  override render(): TemplateResult {
    const { model, actions } = this;
    const target = model.box.kind === 'channel' ? `#${model.box.channel.name}` : this.agent.name;
    const waiting = model.box.kind === 'agent' ? model.held.length + model.deadLetters.length : 0;
    return html`<div class="comms">
      ${this.#boxes()}
      <div class="content">
        <div class="scroller" tabindex="0" role="group" aria-label=${t('allMessages')} @scroll=${this.#scrolled}>
          <div class="column">
            ${model.box.kind === 'agent' ? html`${heldItems(model.held, actions)} ${deadLetterItems(model.deadLetters, actions)}` : nothing}
            ${this.#list()}
          </div>
        </div>
        ${commsComposer({ letter: model.letter, problem: model.problem, target, waiting, showWaiting: this.#showWaiting, actions })}
      </div>
    </div>`;
  }

  protected override updated(): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroller');
    if (!scroller) return;
    if (this.#wanted !== null) return this.#goTo(this.#wanted);
    if (this.#heightBelowPx !== null && !this.model.pages.isLoading) {
      scroller.scrollTop = scroller.scrollHeight - this.#heightBelowPx;
      this.#heightBelowPx = null;
    } else if (this.#isFollowing) scroller.scrollTop = scroller.scrollHeight;
  }

  #boxes(): TemplateResult | typeof nothing {
    const { channels, box } = this.model;
    if (channels.length === 0) return nothing;
    const shownId = box.kind === 'channel' ? box.channel.id : null;
    return html`<nav aria-label=${t('mailboxes')}>
      ${this.#boxButton({ kind: 'agent' }, shownId === null)}
      <span class="nav-title">${t('channels')}</span>
      ${channels.map((channel) => this.#boxButton({ kind: 'channel', channel }, channel.id === shownId))}
    </nav>`;
  }

  #boxButton(box: Box, isShown: boolean): TemplateResult {
    return html`<button class=${isShown ? 'shown' : ''} aria-current=${isShown ? 'true' : nothing} @click=${() => this.#open(box)}>
      ${box.kind === 'agent' ? html`<agor-icon name="mail"></agor-icon>${t('allMessages')}` : html`<span class="hash">#</span>${box.channel.name}`}
    </button>`;
  }

  #list(): TemplateResult {
    const { pages } = this.model;
    if (pages.failure !== null && pages.messages.length === 0) {
      const again = html`<vscode-button appearance="secondary" @click=${() => this.actions.tryAgain()}>${t('tryAgain')}</vscode-button>`;
      return explanation({ icon: 'warning', title: t('commsFailed'), detail: pages.failure, button: again });
    }
    if (pages.messages.length === 0) return pages.isLoaded ? this.#empty() : html`<p class="faint loading">${t('loadingMessages')}</p>`;
    const now = Date.now();
    return html`
      ${pages.hasEarlier ? html`<button class="link-button earlier" ?disabled=${pages.isLoading} @click=${this.#loadEarlier}>${t(pages.isLoading ? 'loadingMessages' : 'earlierMessages')}</button>` : nothing}
      ${repeat(
        threadsOf(pages.messages),
        ({ id }) => id,
        (thread) => this.#thread(thread, now),
      )}
    `;
  }

  #thread({ messages }: Thread, now: number): TemplateResult {
    return html`<section class="thread">
      ${messages.map((message, index) =>
        messageRow({
          message,
          isReply: index > 0,
          isUnread: this.#isUnread(message),
          isFound: message.id === this.#foundId,
          now,
          actions: this.actions,
        }),
      )}
    </section>`;
  }

  /** It keeps its mark although looking at it makes it read. */
  #isUnread({ id, deliveries }: Message): boolean {
    if (deliveries.some(({ to, state }) => to.id === 'person' && (state === 'queued' || state === 'delivered'))) this.#unreadIds.add(id);
    return this.#unreadIds.has(id);
  }

  #empty(): TemplateResult {
    const { box, held, deadLetters } = this.model;
    if (box.kind === 'channel') {
      return explanation({ icon: 'comment-discussion', title: t('channelEmpty', box.channel.name), detail: t('channelEmptyDetail') });
    }
    if (held.length + deadLetters.length > 0) return html``;
    return explanation({ icon: 'mail', title: t('commsEmpty'), detail: t('commsEmptyDetail', this.agent.name) });
  }

  #open(box: Box): void {
    this.#isFollowing = true;
    this.#unreadIds.clear();
    this.actions.showBox(box);
  }

  readonly #showWaiting = (): void => {
    const first = this.model.held[0] ?? this.model.deadLetters[0];
    if (first) this.showMessage(first.id, 'take');
  };

  readonly #loadEarlier = (): void => {
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroller');
    this.#heightBelowPx = scroller ? scroller.scrollHeight - scroller.scrollTop : null;
    this.actions.loadEarlier();
  };

  readonly #scrolled = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLElement)) return;
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    this.#isFollowing = scrollHeight - scrollTop - clientHeight <= endThresholdPx;
  };

  #goTo({ id, keyboard }: { readonly id: string; readonly keyboard: 'take' | 'leave' }): void {
    const escaped = CSS.escape(id);
    const wanted = this.renderRoot.querySelector<HTMLElement>(`[data-message="${escaped}"], [data-waiting="${escaped}"]`);
    if (!wanted) return this.#lookFurther();
    this.#wanted = null;
    this.#isFollowing = false;
    this.#mark(id);
    wanted.scrollIntoView({ block: 'center' });
    if (keyboard === 'take') wanted.focus({ preventScroll: true });
  }

  /** It may be on an earlier page; what is not there when all is loaded is gone. */
  #lookFurther(): void {
    const { pages } = this.model;
    if (!pages.isLoaded || pages.isLoading || !this.model.isLoaded) return;
    if (pages.hasEarlier && this.#pagesLoaded < maxPagesForMessage) {
      this.#pagesLoaded += 1;
      return this.actions.loadEarlier(messagePageSize);
    }
    this.#wanted = null;
    this.actions.report(t('messageGone'));
  }

  #mark(id: string): void {
    clearTimeout(this.#foundTimer);
    this.#foundId = id;
    this.#foundTimer = setTimeout(() => {
      this.#foundId = null;
      this.requestUpdate();
    }, foundForMs);
    this.requestUpdate();
  }
}

customElements.define('agor-comms', AgorComms);
