/** The whole page: its two tabs, what is in them, and what is said when there is nothing. */
import { html, type nothing, type TemplateResult } from 'lit';
import { baseStyles } from '../shared/base-styles.ts';
import { explanation, explanationStyles } from '../shared/explanation.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import { connectionBanner, PageElement, problemBanner } from '../shared/page-element.ts';
import { pageStyles, searchStyles } from '../shared/page-styles.ts';
import { historyStyles } from './history-styles.ts';
import { historyView } from './history-view.ts';
import { liveStyles } from './live-styles.ts';
import { liveView } from './live-view.ts';
import type { MetricsModel } from './metrics-model.ts';
import { metricsPageStyles } from './metrics-page-styles.ts';
import type { TabName } from './saved-state.ts';
import { noFilter } from './session-rows.ts';
import { t } from './texts.ts';

const tabs: readonly TabName[] = ['live', 'history'];

export class AgorMetricsPage extends PageElement {
  static override properties = { model: { attribute: false } };
  static override styles = [
    baseStyles,
    fieldStyles,
    explanationStyles,
    pageStyles,
    searchStyles,
    metricsPageStyles,
    liveStyles,
    historyStyles,
  ];

  declare model: MetricsModel;

  override render(): TemplateResult {
    return html`<div class="page" @keydown=${this.#pressed}>
      <h1 class="hidden">${t('title')}</h1>
      ${connectionBanner(this.model.connection, this.model.phase === 'loading', t)} ${this.#problem()} ${this.#tabs()}
      <main role="tabpanel" id="panel" aria-labelledby="tab-${this.model.tab}" tabindex="-1">${this.#body()}</main>
    </div>`;
  }

  #tabs(): TemplateResult {
    const { tab } = this.model;
    const one = (name: TabName) => html`<button
      role="tab"
      id="tab-${name}"
      aria-selected=${name === tab}
      aria-controls="panel"
      tabindex=${name === tab ? 0 : -1}
      @click=${() => this.model.showTab(name)}
    >
      ${t(name)}
    </button>`;
    return html`<div class="tabs" role="tablist" aria-label=${t('views')} @keydown=${this.#tabPressed}>${tabs.map(one)}</div>`;
  }

  #problem(): TemplateResult | typeof nothing {
    const { model } = this;
    return problemBanner(model.phase === 'failed' ? null : model.problem, () => model.dismissProblem(), t);
  }

  #body(): TemplateResult {
    const { phase, live, problem, projects, tab } = this.model;
    if (phase === 'failed') {
      const again = html`<vscode-button appearance="secondary" @click=${() => this.model.reload()}>${t('tryAgain')}</vscode-button>`;
      return explanation({ icon: 'warning', title: t('loadFailed'), detail: problem ?? '', button: again });
    }
    if (!live) return html`<p class="faint loading">${t('loading')}</p>`;
    if (projects.length === 0) return explanation({ icon: 'organization', title: t('noProject'), detail: t('noProjectDetail') });
    return tab === 'live' ? liveView(this.model, live) : historyView(this.model);
  }

  /** `/` goes to the filter, as in many lists, unless something is being typed; Escape takes the filter away. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (this.model.tab !== 'history' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isTyping = event.composedPath().some((target) => target instanceof HTMLElement && /^(input|select)$/i.test(target.tagName));
    if (event.key === 'Escape') this.model.setFilter(noFilter);
    else if (event.key === '/' && !isTyping) this.renderRoot.querySelector<HTMLElement>('[name=filter]')?.focus();
    else return;
    event.preventDefault();
  };

  readonly #tabPressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.indexOf(this.model.tab) + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    this.model.showTab(next);
    this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
}

customElements.define('agor-metrics-page', AgorMetricsPage);
