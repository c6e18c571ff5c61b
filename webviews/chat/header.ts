/** The top line: which agent, how it is, what it has used, and which session is shown. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Agent } from '../../server/protocol/agent.ts';
import { type AgentTrait, lacksOf } from '../../server/protocol/agent-kinds.ts';
import type { Session } from '../../server/protocol/session.ts';
import { agoText } from '../shared/ago.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { agentStatus, contextShare, isUnfenced } from './agent-status.ts';
import { costSourceText, costText, tokensText } from './amounts.ts';
import type { ChatActions } from './chat-actions.ts';
import { headerStyles } from './header-styles.ts';
import type { Tab } from './saved-state.ts';
import { tabStyles, tabs } from './tabs.ts';
import { t } from './texts.ts';

const shieldTexts = { full: 'sandboxFull', partial: 'sandboxPartial', off: 'sandboxOff' } as const;

const modeTexts = {
  restricted: { text: 'modeRestricted', detail: 'modeRestrictedDetail', icon: 'lock' },
  autonomous: { text: 'modeAutonomous', detail: 'modeAutonomousDetail', icon: 'rocket' },
} as const;
const lackTexts = {
  tokens: 'lacksTokens',
  cost: 'lacksCost',
  asks: 'lacksAsks',
  interrupt: 'lacksInterrupt',
  resume: 'lacksResume',
  errors: 'lacksErrors',
  retries: 'lacksRetries',
} as const;
/** What changes how one works with it; the rest is in the tooltip. */
const shownLacks: ReadonlySet<AgentTrait> = new Set(['cost', 'asks', 'interrupt', 'resume']);

class AgorChatHeader extends LitElement {
  static override properties = {
    agent: { attribute: false },
    session: { attribute: false },
    sessions: { attribute: false },
    tab: { attribute: false },
    unread: { attribute: false },
    actions: { attribute: false },
  };
  static override styles = [baseStyles, headerStyles, tabStyles];

  declare agent: Agent;
  /** The one that is shown. */
  declare session: Session | null;
  declare sessions: readonly Session[];
  declare tab: Tab;
  /** Messages of the agent that the person has not read. */
  declare unread: number;
  declare actions: ChatActions;

  override render(): TemplateResult {
    const { agent, actions } = this;
    const status = agentStatus(agent);
    return html`<header>
      <div class="who">
        <agor-icon class=${status.tone} name=${status.icon} ?spin=${status.tone === 'busy'}></agor-icon>
        <span class="name">${agent.name}</span>
        <span class="state faint">${t(status.word)}</span>
        ${this.#shield()} ${this.#mode()}
      </div>
      ${tabs(this.tab, this.unread, actions)}
      <div class="use">${this.#model()} ${this.#context()} ${this.#cost()} ${this.#lacks()}</div>
      <div class="actions">
        ${this.tab === 'chat' ? this.#sessions() : nothing}
        ${
          status.canStart
            ? html`<button class="icon-button" title=${t('startAgent')} aria-label=${t('startAgent')} @click=${() => actions.startAgent()}>
                <agor-icon name="play"></agor-icon>
              </button>`
            : html`<button class="icon-button" title=${t('stopAgent')} aria-label=${t('stopAgent')} @click=${() => actions.stopAgent()}>
                <agor-icon name="debug-stop"></agor-icon>
              </button>`
        }
      </div>
    </header>`;
  }

  /** How the agent is fenced in; a click shows what it can reach. */
  #shield(): TemplateResult | typeof nothing {
    const { sandbox } = this.agent;
    if (!sandbox && !isUnfenced(this.agent)) return nothing;
    const files = sandbox?.files ?? 'off';
    const gaps = sandbox && files === 'partial' ? `\n${sandbox.gaps.join('\n')}` : '';
    const label = t(shieldTexts[files]) + gaps;
    return html`<button class="icon-button ${files === 'full' ? 'quiet' : 'attention'}" title=${label} aria-label=${label} @click=${() => this.actions.post({ type: 'explainSandbox' })}>
      <agor-icon name=${files === 'off' ? 'unlock' : 'shield'}></agor-icon>
    </button>`;
  }

  /** Who answers its questions, where that is not the person; a click changes it. */
  #mode(): TemplateResult | typeof nothing {
    const { mode } = this.agent;
    if (mode === 'ask') return nothing;
    const { text, detail, icon } = modeTexts[mode];
    return html`<button
      class="mode ${mode === 'autonomous' ? 'attention' : 'quiet'}"
      title=${t(detail)}
      aria-label=${`${t(text)}. ${t(detail)}`}
      @click=${() => this.actions.post({ type: 'setPermissionMode' })}
    >
      <agor-icon name=${icon}></agor-icon><span>${t(text)}</span>
    </button>`;
  }

  get #usage(): Agent['usage'] {
    return this.session ? this.session.usage : this.agent.usage;
  }

  #model(): TemplateResult | typeof nothing {
    const model = this.session?.model ?? this.agent.model;
    return model ? html`<span class="model" title=${t('model')}>${model}</span>` : nothing;
  }

  #context(): TemplateResult | typeof nothing {
    const usage = this.#usage;
    const share = contextShare(usage);
    if (usage?.contextTokens && share === null) return html`<span>${t('contextTokens', tokensText(usage.contextTokens))}</span>`;
    if (share === null) return nothing;
    const detail = t('contextDetail', tokensText(usage?.contextTokens ?? 0), tokensText(usage?.contextWindowTokens ?? 0));
    return html`<span class="context" title=${detail}>
      <meter min="0" max="1" high="0.8" .value=${share} aria-label=${detail}></meter>${t('contextUsed', Math.round(share * 100))}
    </span>`;
  }

  #cost(): TemplateResult | typeof nothing {
    const { costUsd = null, costSource, unpriced = [] } = this.#usage ?? {};
    if (costUsd !== null) return html`<span title=${costSourceText(costSource)}>${costText(costUsd)}</span>`;
    if (unpriced.length === 0) return nothing;
    const models = unpriced.map((model) => model || t('unnamedModel')).join(', ');
    return html`<span title=${t('costUnknownDetail', models)}>${t('costUnknown')}</span>`;
  }

  /** The most important one in words, and all of them for whoever points at it or listens. */
  #lacks(): TemplateResult | typeof nothing {
    const lacks = lacksOf({ ...this.agent, usage: this.#usage });
    const shown = lacks.filter((trait) => shownLacks.has(trait));
    if (shown.length === 0) return nothing;
    const detail = `${t('lacks')}: ${lacks.map((trait) => t(lackTexts[trait])).join(', ')}`;
    const text = shown.map((trait) => t(lackTexts[trait])).join(' · ');
    return html`<span class="lacks ${shown.includes('asks') ? 'attention' : 'faint'}" title=${detail}>${text}</span>`;
  }

  /** Messages belong to the agent, and not to one of its sessions. */
  #sessions(): TemplateResult {
    return html`${this.#history()}
      <button class="icon-button" title=${t('newSession')} aria-label=${t('newSession')} @click=${() => this.actions.newSession()}>
        <agor-icon name="add"></agor-icon>
      </button>`;
  }

  #history(): TemplateResult | typeof nothing {
    const sessions = this.#listed();
    if (sessions.length === 0) return nothing;
    const now = Date.now();
    const shownId = this.session?.id ?? '';
    return html`<select
      aria-label=${t('history')}
      title=${t('history')}
      .value=${live(shownId)}
      @change=${(event: Event) => event.target instanceof HTMLSelectElement && this.actions.showSession(event.target.value)}
    >
      ${sessions.map(
        (session) => html`<option value=${session.id} ?selected=${session.id === shownId}>${this.#sessionText(session, now)}</option>`,
      )}
    </select>`;
  }

  /** The shown session as it is now: the list is older, or does not reach that far back. */
  #listed(): readonly Session[] {
    const { session, sessions } = this;
    if (!session) return sessions;
    const index = sessions.findIndex(({ id }) => id === session.id);
    return index < 0 ? [session, ...sessions] : sessions.with(index, session);
  }

  #sessionText(session: Session, now: number): string {
    const title = session.title || t('untitledSession');
    return session.id === this.agent.sessionId ? t('currentSession', title) : `${title} · ${agoText(session.lastActiveAt, now)}`;
  }
}

customElements.define('agor-chat-header', AgorChatHeader);
