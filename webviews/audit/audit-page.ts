/** The whole page: what narrows the rows down, the rows, the details of one, and what is said when there is none. */
import { html, nothing, type TemplateResult } from 'lit';
import { baseStyles } from '../shared/base-styles.ts';
import { explanation, explanationStyles } from '../shared/explanation.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import { connectionBanner, PageElement, problemBanner } from '../shared/page-element.ts';
import { pageStyles, searchStyles, toolbarStyles } from '../shared/page-styles.ts';
import type { AuditActions } from './audit-actions.ts';
import type { AuditModel } from './audit-model.ts';
import { auditPageStyles } from './audit-page-styles.ts';
import { isFiltering, noFilter } from './row-filter.ts';
import type { AgorAuditRows } from './row-list.ts';
import { t } from './texts.ts';
import { toolbar } from './toolbar.ts';
import { verdict } from './verdict.ts';

/** A word is typed in less. */
const typingMs = 250;

export class AgorAuditPage extends PageElement {
  static override properties = { model: { attribute: false } };
  static override styles = [baseStyles, fieldStyles, explanationStyles, pageStyles, toolbarStyles, searchStyles, auditPageStyles];

  declare model: AuditModel;

  #typing: ReturnType<typeof setTimeout> | undefined;
  #announced = '';
  readonly #actions = this.#createActions();

  override render(): TemplateResult {
    const { model } = this;
    return html`<div class="page" @keydown=${this.#pressed}>
      <h1 class="hidden">${t('title')}</h1>
      ${connectionBanner(model.connection, model.phase === 'loading', t)} ${model.phase === 'ready' ? toolbar(model, (text) => this.#typed(text)) : nothing} ${this.#problem()}
      ${verdict(model)} ${this.#around()}
      <main>${this.#body()} ${this.#detail()}</main>
      <div class="hidden" role="status">${this.#announced}</div>
    </div>`;
  }

  #around(): TemplateResult | typeof nothing {
    const { aroundSeq, phase } = this.model;
    if (aroundSeq === null || phase !== 'ready') return nothing;
    return html`<div class="banner around" role="status">
      <agor-icon name="info"></agor-icon><span>${t('upTo', aroundSeq)}
        <button class="link-button" @click=${() => this.model.showNewest()}>${t('showNewest')}</button></span>
    </div>`;
  }

  #problem(): TemplateResult | typeof nothing {
    const { model } = this;
    return problemBanner(model.phase === 'failed' ? null : model.problem, () => model.dismissProblem(), t);
  }

  #body(): TemplateResult {
    const { phase, rows, problem, connection, filter } = this.model;
    if (phase === 'failed') {
      const again = html`<vscode-button appearance="secondary" @click=${() => this.model.load()}>${t('tryAgain')}</vscode-button>`;
      return explanation({ icon: 'warning', title: t('loadFailed'), detail: problem ?? '', button: again });
    }
    if (phase === 'loading') return html`<div class="empty faint loading">${connection === 'failed' ? nothing : t('loading')}</div>`;
    if (rows.records.length > 0 || rows.hasEarlier) return this.#rows();
    if (!isFiltering(filter)) return explanation({ icon: 'verified', title: t('empty'), detail: t('emptyDetail') });
    const clear = html`<vscode-button appearance="secondary" @click=${() => this.model.setFilter(noFilter)}>${t('clearFilter')}</vscode-button>`;
    return explanation({ icon: 'search', title: t('noMatch'), detail: t('noMatchDetail'), button: clear });
  }

  #rows(): TemplateResult {
    const { rows, names, openRow, isLoadingOlder } = this.model;
    return html`<agor-audit-rows
      .rows=${rows}
      .names=${names}
      .openSeq=${openRow?.seq ?? null}
      .isLoadingOlder=${isLoadingOlder}
      .actions=${this.#actions}
    ></agor-audit-rows>`;
  }

  #detail(): TemplateResult | typeof nothing {
    const { openRow, phase, names, teams } = this.model;
    if (!openRow || phase !== 'ready') return nothing;
    return html`<agor-audit-detail
      .row=${openRow}
      .names=${names}
      .teams=${teams}
      .teamId=${this.model.teamOf(openRow)}
      .actions=${this.#actions}
    ></agor-audit-detail>`;
  }

  #typed(text: string): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.model.setFilter({ text }), typingMs);
  }

  /** `/` goes to the text, as in many lists, unless something is being typed. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const isTyping = event
      .composedPath()
      .some((target) => target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName));
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') this.renderRoot.querySelector<HTMLElement>('[name=text]')?.focus();
    else if (event.key === 'Escape' && this.model.openRow) this.#close();
    else if (event.key === 'Escape' && isFiltering(this.model.filter)) void this.model.setFilter(noFilter);
    else return;
    event.preventDefault();
  };

  #createActions(): AuditActions {
    return {
      open: (row) => this.model.open(row),
      close: () => this.#close(),
      older: () => void this.model.older(),
      copy: (text) => this.model.copy(text),
      addTask: (task) => this.model.addTask(task),
      announce: (sentence) => {
        this.#announced = sentence;
        this.changed();
      },
    };
  }

  /** The keyboard goes back to where it came from. */
  #close(): void {
    const seq = this.model.openRow?.seq;
    this.model.open(null);
    if (seq !== undefined) this.renderRoot.querySelector<AgorAuditRows>('agor-audit-rows')?.focusRow(seq);
  }
}

customElements.define('agor-audit-page', AgorAuditPage);
