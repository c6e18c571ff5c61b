/** The rows, one line each, and how far back they reach. Those outside the view are not laid out. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AuditRecord } from '../../server/protocol/audit.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { visibleText } from '../shared/visible.ts';
import { visibleParts } from '../shared/visible-text.ts';
import type { AuditActions } from './audit-actions.ts';
import { agentsOf, type Line, linesOf, runKey } from './heartbeats.ts';
import type { KeptRows } from './kept-rows.ts';
import { rowListStyles } from './row-list-styles.ts';
import { agentText, dateOf, isAlert, type Names, summaryOf, timeText } from './row-words.ts';
import { t } from './texts.ts';

export class AgorAuditRows extends LitElement {
  static override properties = {
    rows: { attribute: false },
    names: { attribute: false },
    openSeq: { attribute: false },
    isLoadingOlder: { attribute: false },
    actions: { attribute: false },
    focusedSeq: { state: true },
    unfolded: { state: true },
  };
  static override styles = [baseStyles, rowListStyles];

  declare rows: KeptRows;
  declare names: Names;
  declare openSeq: number | null;
  declare isLoadingOlder: boolean;
  declare actions: AuditActions;
  /** The one row that Tab goes to. */
  declare focusedSeq: number | null;
  /** Runs of heartbeats that are shown one by one. */
  declare unfolded: ReadonlySet<number>;

  constructor() {
    super();
    this.unfolded = new Set();
  }

  override render(): TemplateResult {
    const now = Date.now();
    const lines = this.#lines();
    const tabSeq = lines.some(({ row }) => row.seq === this.focusedSeq) ? this.focusedSeq : (lines[0]?.row.seq ?? null);
    return html`<div class="scroller" @keydown=${this.#pressed}>
      <div role="grid" aria-label=${t('rows')} aria-rowcount="-1">
        <div class="row head" role="row">
          ${(['columnRow', 'columnTime', 'columnEvent', 'columnAgent', 'columnBy', 'columnDetail'] as const).map(
            (key) => html`<span role="columnheader">${t(key)}</span>`,
          )}
        </div>
        ${repeat(
          lines,
          ({ row }) => row.seq,
          (line) => this.#row(line, { now, isTabStop: line.row.seq === tabSeq }),
        )}
      </div>
      ${this.#end()}
    </div>`;
  }

  /** A heartbeat that was gone to is not hidden in its run. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('openSeq')) return;
    const run = this.#lines().find(({ beats }) => beats.some(({ seq }, index) => index > 0 && seq === this.openSeq));
    if (run) this.#unfold(run.beats, true);
  }

  /** A row that was gone to is looked at. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('openSeq') && this.openSeq !== null) this.#element(this.openSeq)?.scrollIntoView({ block: 'nearest' });
  }

  focusRow(seq: number): void {
    this.focusedSeq = seq;
    this.#element(seq)?.focus();
  }

  #lines(): Line[] {
    return linesOf(this.rows.records, this.unfolded);
  }

  #row(line: Line, { now, isTabStop }: { readonly now: number; readonly isTabStop: boolean }): TemplateResult {
    const { row, beats } = line;
    const { seq, at, event, agentId, actor, detail } = row;
    const isOpen = seq === this.openSeq;
    const alert = isAlert(event);
    return html`<div
      class="row ${alert ? 'alert' : ''}"
      role="row"
      data-seq=${seq}
      tabindex=${isTabStop ? 0 : -1}
      aria-selected=${isOpen}
      @click=${() => this.actions.open(row)}
      @focus=${() => {
        this.focusedSeq = seq;
      }}
    >
      <span role="gridcell" class="seq">${seq}</span>
      <span role="gridcell" class="time" title=${dateOf(at)?.toISOString() ?? ''}>${timeText(at, now)}</span>
      <span role="gridcell" class="event">${
        alert ? html`<agor-icon name="warning"></agor-icon><span class="hidden">${t('alertRow')}: </span>` : nothing
      }<span class="name">${shown(event)}</span>${this.#fold(line)}</span>
      <span role="gridcell" class="agent">${
        agentsOf(beats).size > 1 ? t('heartbeatAgents', agentsOf(beats).size) : shown(agentText(agentId, this.names))
      }</span>
      <span role="gridcell" class="by">${shown(actor)}</span>
      <span role="gridcell" class="detail">${
        beats.length === 0 ? shown(summaryOf(detail, this.names)) : t('heartbeatRun', beats.length, timeText(beats.at(-1)?.at ?? at, now))
      }</span>
    </div>`;
  }

  #fold({ beats, isUnfolded }: Line): TemplateResult | typeof nothing {
    if (beats.length === 0) return nothing;
    const label = t(isUnfolded ? 'foldHeartbeats' : 'unfoldHeartbeats');
    const toggled = (event: Event) => {
      event.stopPropagation();
      this.#unfold(beats, !isUnfolded);
    };
    return html`<button class="fold" tabindex="-1" title=${label} aria-label=${label} aria-expanded=${isUnfolded} @click=${toggled}>
      <agor-icon name=${isUnfolded ? 'chevron-down' : 'chevron-right'}></agor-icon>
    </button>`;
  }

  #unfold(beats: readonly AuditRecord[], isWanted: boolean): void {
    const others = [...this.unfolded].filter((key) => key !== runKey(beats));
    this.unfolded = new Set(isWanted ? [...others, runKey(beats)] : others);
  }

  #end(): TemplateResult {
    const { records, hasEarlier, beforeSeq, isShort } = this.rows;
    if (!hasEarlier) {
      const last = records.at(-1);
      return html`<div class="end faint">${last ? t('beginning', last.seq) : nothing}</div>`;
    }
    return html`<div class="end">
      ${isShort ? html`<span class="faint">${t('searchedTo', beforeSeq)}</span>` : nothing}
      <vscode-button appearance="secondary" ?disabled=${this.isLoadingOlder} @click=${() => this.actions.older()}>
        ${t(this.isLoadingOlder ? 'loadingOlder' : isShort ? 'searchOn' : 'older')}
      </vscode-button>
    </div>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const target = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-seq]') : null;
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = this.#lines();
    const index = lines.findIndex(({ row }) => row.seq === Number(target.dataset.seq));
    const next = nextIndex(event.key, index, lines.length);
    const { row, beats } = lines[next ?? index] ?? {};
    if (!row || !beats) return;
    if (beats.length > 0 && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) this.#unfold(beats, event.key === 'ArrowRight');
    else if (event.key === 'Enter' || event.key === ' ') this.actions.open(row);
    else if (next === null) return;
    else {
      this.focusRow(row.seq);
      // With the details open, they follow the keyboard.
      if (this.openSeq !== null) this.actions.open(row);
    }
    event.preventDefault();
  };

  #element(seq: number): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  }
}

const pageRows = 20;

function nextIndex(key: string, index: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: count - 1,
  };
  const next = moves[key];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}

function shown(text: string) {
  return visibleText(visibleParts(text));
}

customElements.define('agor-audit-rows', AgorAuditRows);
