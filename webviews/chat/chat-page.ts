/** The whole page: header, transcript, composer, and what is said instead when one of them has nothing to show. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Message } from '../../server/protocol/message.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { explanation, explanationStyles } from '../shared/explanation.ts';
import { connectionBanner, PageElement } from '../shared/page-element.ts';
import { pageStyles } from '../shared/page-styles.ts';
import { announcements } from './announcements.ts';
import type { ChatActions } from './chat-actions.ts';
import type { ChatModel } from './chat-model.ts';
import { chatPageStyles } from './chat-page-styles.ts';
import type { AgorComms } from './comms/comms.ts';
import { commsActions } from './comms/comms-actions.ts';
import type { CommsModel } from './comms/comms-model.ts';
import type { AgorComposer } from './composer.ts';
import { emptyStateStyles, invitation } from './empty-state.ts';
import type { Tab } from './saved-state.ts';
import { openQuestions, type SessionView } from './session-view.ts';
import { t } from './texts.ts';
import type { AgorTranscript } from './transcript.ts';

const maxAnnouncedChars = 300;

/** Whether the keyboard goes to what is shown. */
export type Keyboard = 'take' | 'leave';
type WantedItem = { readonly sessionId: string; readonly itemId: string; readonly keyboard: Keyboard };

export class AgorChatPage extends PageElement {
  static override properties = { model: { attribute: false }, comms: { attribute: false }, post: { attribute: false } };
  static override styles = [baseStyles, explanationStyles, emptyStateStyles, pageStyles, chatPageStyles];

  declare model: ChatModel;
  declare comms: CommsModel;
  declare post: ChatActions['post'];
  /** Keeps which tab is shown, for the next page. */
  declare keepTab: (tab: Tab) => void;

  tab: Tab = 'chat';

  #announced = '';
  #announcedMail: Message | null = null;
  #announcedView: SessionView | null = null;
  #restoredSessionId: string | null = null;
  #wantsComposer = false;
  #wantedMessage: { readonly id: string; readonly keyboard: Keyboard } | null = null;
  #wantedItem: WantedItem | null = null;
  readonly #actions = this.#createActions();
  readonly #commsActions = commsActions({ model: () => this.comms, post: (message) => this.post(message) });
  #commsRevision = 0;

  showTab(tab: Tab): void {
    this.keepTab(tab);
    this.tab = tab;
    this.#restoredSessionId = null;
    this.comms.setShown(tab === 'comms');
    this.changed();
  }

  /** The messages of the agent, at one of them. */
  showComms(messageId: string | null, keyboard: Keyboard): void {
    this.showTab('comms');
    this.#wantedMessage = messageId === null ? null : { id: messageId, keyboard };
  }

  /** An item, as soon as its session is there. */
  showItem(wanted: WantedItem): void {
    if (this.tab === 'comms') this.showTab('chat');
    this.#wantedItem = wanted;
    this.changed();
  }

  /** Now, or as soon as there is a composer. */
  focusComposer(): void {
    if (this.tab === 'comms') this.showTab('chat');
    const composer = this.renderRoot.querySelector<AgorComposer>('agor-composer');
    this.#wantsComposer = composer === null;
    composer?.focus();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.#commsRevision += 1;
    this.#announceMail();
    const { view } = this.model;
    if (view === this.#announcedView) return;
    const sentences = announcements(this.#announcedView, view);
    if (sentences.length > 0) this.#announced = sentences.slice(-3).join(' ');
    this.#announcedView = view;
  }

  #announceMail(): void {
    const { arrived } = this.comms;
    if (arrived && arrived !== this.#announcedMail)
      this.#announced = t('announceMail', arrived.from.name, arrived.text.slice(0, maxAnnouncedChars));
    this.#announcedMail = arrived;
  }

  override render(): TemplateResult {
    const { agent, phase, sessions, view } = this.model;
    return html`
      ${
        agent
          ? html`<agor-chat-header
              .agent=${agent}
              .session=${view?.session ?? null}
              .sessions=${sessions}
              .tab=${this.tab}
              .unread=${this.comms.unread}
              .actions=${this.#actions}
            ></agor-chat-header>`
          : nothing
      }
      ${connectionBanner(this.model.connection, phase === 'loading', t)}
      <main>
        <h1 class="hidden">${agent ? t('pageTitle', agent.name) : t('pageTitleNoAgent')}</h1>
        ${this.tab === 'comms' && agent ? this.#comms(agent) : this.#body()}
      </main>
      ${agent && phase === 'ready' && this.tab === 'chat' ? this.#composer(agent) : nothing}
      <div class="hidden" role="status">${this.#announced}</div>
    `;
  }

  protected override updated(): void {
    if (this.#wantsComposer) this.focusComposer();
    this.#restorePlace();
    const comms = this.renderRoot.querySelector<AgorComms>('agor-comms');
    if (comms && this.#wantedMessage !== null) comms.showMessage(this.#wantedMessage.id, this.#wantedMessage.keyboard);
    if (comms) this.#wantedMessage = null;
    this.#goToWantedItem();
  }

  #restorePlace(): void {
    const { sessionId, view, place } = this.model;
    if (!view || sessionId === this.#restoredSessionId) return;
    if (!this.#transcript) return;
    this.#restoredSessionId = sessionId;
    this.#transcript.restore(place);
  }

  #goToWantedItem(): void {
    const wanted = this.#wantedItem;
    if (!wanted || this.model.view?.session.id !== wanted.sessionId || !this.#transcript) return;
    this.#wantedItem = null;
    this.#transcript.showItem(wanted.itemId, wanted.keyboard);
  }

  get #transcript(): AgorTranscript | null {
    return this.renderRoot.querySelector<AgorTranscript>('agor-transcript');
  }

  #body(): TemplateResult {
    const { agent, phase, view, loadFailure, sessionId, isLoadingEarlier, questions } = this.model;
    if (phase === 'noAgent') return explanation({ icon: 'comment-discussion', title: t('noAgent'), detail: t('noAgentDetail') });
    if (phase === 'gone') return explanation({ icon: 'circle-slash', title: t('agentGone'), detail: t('agentGoneDetail') });
    if (view && (view.items.length > 0 || view.session.archived)) {
      return html`<agor-transcript
        .view=${view}
        .isLoadingEarlier=${isLoadingEarlier}
        .answering=${questions.answering}
        .known=${questions.known}
        .agent=${agent}
        .actions=${this.#actions}
      ></agor-transcript>`;
    }
    if (loadFailure !== null) {
      return explanation({ icon: 'warning', title: t('loadFailed'), detail: loadFailure, button: this.#tryAgain() });
    }
    if (!agent || (sessionId && !view)) return this.#loading();
    return invitation(agent, this.#actions);
  }

  /** A backend that cannot be reached loads nothing: the banner says so. */
  #loading(): TemplateResult {
    return html`<div class="empty faint loading">${this.model.connection === 'failed' ? nothing : t('loading')}</div>`;
  }

  #tryAgain(): TemplateResult {
    return html`<vscode-button appearance="secondary" @click=${() => this.model.load()}>${t('tryAgain')}</vscode-button>`;
  }

  #comms(agent: Agent): TemplateResult {
    return html`<agor-comms .model=${this.comms} .agent=${agent} .revision=${this.#commsRevision} .actions=${this.#commsActions}></agor-comms>`;
  }

  #composer(agent: Agent): TemplateResult {
    const { draft, problem, isSending, isEarlierSession, sessionId, view } = this.model;
    return html`<agor-composer
      .agent=${agent}
      .draft=${draft}
      .problem=${problem}
      .isSending=${isSending}
      .isEarlierSession=${isEarlierSession}
      .sessionId=${sessionId}
      .openQuestions=${view ? openQuestions(view.items).length : 0}
      .actions=${this.#actions}
    ></agor-composer>`;
  }

  #edit(draft: string): void {
    this.model.edit(draft);
    this.changed();
  }

  #send(text: string): void {
    void this.model.send(text);
    this.#transcript?.restore({ kind: 'end' });
  }

  #showFirstQuestion(): void {
    const [question] = this.model.view ? openQuestions(this.model.view.items) : [];
    if (question) this.#transcript?.showQuestion(question);
  }

  #createActions(): ChatActions {
    return {
      post: (message) => this.post(message),
      copy: (text) => this.post({ type: 'copy', text }),
      answer: (...answer) => void this.model.answer(...answer).then(() => this.#afterAnswer()),
      loadEarlier: (pageSize) => void this.model.loadEarlier(pageSize),
      announce: (sentence) => {
        this.#announced = sentence;
        this.changed();
      },
      report: (sentence) => this.model.report(sentence),
      resumeSession: (sessionId) => void this.model.resumeSession(sessionId),
      keepPlace: (place) => this.model.keepPlace(place),
      edit: (draft) => this.#edit(draft),
      suggest: (draft) => {
        this.#edit(draft);
        this.focusComposer();
      },
      sendDraft: () => this.#send(this.model.draft),
      sendExample: (text) => this.#send(text),
      interrupt: () => void this.model.tellAgent('agent/interrupt'),
      sendNow: (promptId) => void this.model.sendNow(promptId),
      startAgent: () => void this.model.tellAgent('agent/start'),
      restartAgent: () => void this.model.tellAgent('agent/restart'),
      resumeAgent: () => void this.model.tellAgent('agent/resume'),
      stopAgent: () => void this.model.tellAgent('agent/stop'),
      newSession: () => void this.model.newSession().then(() => this.focusComposer()),
      showSession: (sessionId) => void this.model.showSession(sessionId ?? this.model.agent?.sessionId ?? null),
      showQuestion: () => this.#showFirstQuestion(),
      dismissProblem: () => this.model.dismissProblem(),
      showTab: (tab) => this.showTab(tab),
    };
  }

  /** The buttons are gone: the keyboard goes to the next question, never onto one of its buttons, or to the composer. */
  #afterAnswer(): void {
    if (this.model.view && openQuestions(this.model.view.items).length > 0) this.#showFirstQuestion();
    else this.focusComposer();
  }
}

customElements.define('agor-chat-page', AgorChatPage);
