/** Everything that one row holds, beside the rows: its fields, what the event says, and its place in the chain. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { AuditRecord } from '../../server/protocol/audit.ts';
import type { Team } from '../../server/protocol/team.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { visibleText } from '../shared/visible.ts';
import { visibleParts } from '../shared/visible-text.ts';
import type { AuditActions } from './audit-actions.ts';
import { rowDetailStyles } from './row-detail-styles.ts';
import { dateOf, type Fact, factsOf, isAlert, type Names } from './row-words.ts';
import { t } from './texts.ts';

class AgorAuditDetail extends LitElement {
  static override properties = {
    row: { attribute: false },
    names: { attribute: false },
    teams: { attribute: false },
    teamId: { attribute: false },
    actions: { attribute: false },
    isAdding: { state: true },
    addedNumber: { state: true },
  };
  static override styles = [baseStyles, rowDetailStyles];

  declare row: AuditRecord;
  declare names: Names;
  declare teams: readonly Team[];
  /** Of the agent that the row is about. */
  declare teamId: string | null;
  declare actions: AuditActions;
  declare isAdding: boolean;
  /** Of the task that was made of this row. */
  declare addedNumber: number | null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('row') || changed.get('row')?.seq === this.row.seq) return;
    this.isAdding = false;
    this.addedNumber = null;
  }

  override render(): TemplateResult {
    const { row } = this;
    const label = t('details', row.seq);
    return html`<aside aria-label=${label}>
      <header>
        <span class="number">${label}</span>
        <button class="icon-button" title=${t('copyRow')} aria-label=${t('copyRow')} @click=${() => this.actions.copy(JSON.stringify(row, null, 2))}>
          <agor-icon name="copy"></agor-icon>
        </button>
        <button class="icon-button" title=${t('close')} aria-label=${t('close')} @click=${() => this.actions.close()}>
          <agor-icon name="close"></agor-icon>
        </button>
      </header>
      <div class="body" tabindex="0" role="group" aria-label=${label}>
        <h2>${isAlert(row.event) ? html`<agor-icon name="warning"></agor-icon>` : nothing}${shown(row.event)}</h2>
        ${this.#fields()} ${this.#task()}
        <h3>${t('columnDetail')}</h3>
        ${this.#facts()}
        <dl class="chain">
          <dt>${t('hash')}</dt>
          <dd>${shown(row.hash)}</dd>
          <dt>${t('prevHash')}</dt>
          <dd>${shown(row.prevHash)}</dd>
        </dl>
      </div>
    </aside>`;
  }

  #fields(): TemplateResult {
    const { at, agentId, actor } = this.row;
    const date = dateOf(at);
    const name = agentId === null ? undefined : this.names.get(agentId);
    return html`<dl>
      <dt>${t('time')}</dt>
      <dd>
        ${date ? html`${localText(date)}<br /><span class="faint code">${date.toISOString()}</span>` : t('unknownTime', at)}
      </dd>
      ${
        agentId === null
          ? nothing
          : html`<dt>${t('agent')}</dt>
              <dd>${name === undefined ? nothing : html`${shown(name)}<br />`}<span class="faint code">${shown(agentId)}</span></dd>`
      }
      <dt>${t('by')}</dt>
      <dd>${shown(actor)}</dd>
    </dl>`;
  }

  #facts(): TemplateResult {
    const facts = factsOf(this.row.detail, this.names);
    if (facts.length === 0) return html`<p class="faint">${t('noDetail')}</p>`;
    return html`<table>
      <tbody>
        ${facts.map((fact) => factRow(fact))}
      </tbody>
    </table>`;
  }

  #task(): TemplateResult {
    if (this.addedNumber !== null)
      return html`<p class="added"><agor-icon name="check"></agor-icon>${t('taskAdded', this.addedNumber)}</p>`;
    if (this.isAdding) {
      return html`<agor-audit-task
        .row=${this.row}
        .names=${this.names}
        .teams=${this.teams}
        .teamId=${this.teamId}
        .actions=${this.actions}
        .onDone=${(number: number | null) => this.#done(number)}
      ></agor-audit-task>`;
    }
    if (this.teams.length === 0) return html`<p class="faint">${t('noTeam')}</p>`;
    return html`<vscode-button
      appearance="secondary"
      class="create"
      @click=${() => {
        this.isAdding = true;
      }}
    >
      <agor-icon slot="start" name="checklist"></agor-icon>${t('createTask')}
    </vscode-button>`;
  }

  #done(number: number | null): void {
    this.isAdding = false;
    this.addedNumber = number;
    if (number !== null) this.actions.announce(t('taskAdded', number));
    this.renderRoot.querySelector<HTMLElement>('.body')?.focus();
  }
}

function factRow({ name, text, isLong, leftOut }: Fact): TemplateResult {
  const value = text === '' ? html`<span class="faint">${t('nothingFor')}</span>` : shown(text);
  const more = leftOut > 0 ? html`<p class="faint">${t('clipped', leftOut)}</p>` : nothing;
  if (!isLong) return html`<tr><th scope="row">${shown(name)}</th><td>${value}</td></tr>`;
  return html`<tr class="long"><th scope="row">${shown(name)}</th><td><pre tabindex="0">${value}</pre>${more}</td></tr>`;
}

function localText(date: Date): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(date);
}

function shown(text: string) {
  return visibleText(visibleParts(text));
}

customElements.define('agor-audit-detail', AgorAuditDetail);
