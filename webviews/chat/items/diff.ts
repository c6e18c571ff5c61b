/** A change of one file as a unified diff with line numbers. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ToolContent } from '../../../server/protocol/agent-event.ts';
import { type DiffRow, type LineDiff, lineDiff } from '../../shared/line-diff.ts';
import { visibleText } from '../../shared/visible.ts';
import { visibleParts } from '../../shared/visible-text.ts';
import { t } from '../texts.ts';
import type { RowContext } from './row-context.ts';

export type FileDiff = Extract<ToolContent, { type: 'diff' }>;

const shownRows = 200;
const computed = new WeakMap<FileDiff, LineDiff>();

export function diffOf(file: FileDiff): LineDiff {
  const known = computed.get(file);
  if (known) return known;
  const diff = lineDiff(file.oldText, file.newText);
  computed.set(file, diff);
  return diff;
}

/** `part` is how the row calls it; `shows: 'everything'` while it is asked whether the change may be made. */
type DiffOptions = { readonly part: string; readonly shows: 'everything' | 'beginning' };

export function diffBlock(file: FileDiff, { part, shows }: DiffOptions, context: RowContext): TemplateResult {
  const { rows } = diffOf(file);
  const isWhole = shows === 'everything' || rows.length <= shownRows || context.isOpen(part) === true;
  return html`<div class="diff ${shows}">
    <div class="code-bar">
      <button class="link-button path" title=${t('openFile')} @click=${() => context.post(openFile(file))}>${visibleText(visibleParts(file.path))}</button>
      ${file.oldText === null ? html`<span class="pill">${t('newFile')}</span>` : nothing} ${diffCounts(file)}
      <button class="icon-button" title=${t('openDiff')} aria-label=${t('openDiff')} @click=${() => context.post(openDiff(file))}>
        <agor-icon name="diff"></agor-icon>
      </button>
    </div>
    <div class="diff-rows" tabindex="0" role="group" aria-label=${file.path}>
      <table class=${file.oldText === null ? 'new' : ''}>
        <tbody>
          ${(isWhole ? rows : rows.slice(0, shownRows)).map(diffRow)}
        </tbody>
      </table>
    </div>
    ${
      isWhole
        ? nothing
        : html`<button class="link-button more" @click=${() => context.setOpen(part, true)}>${t('showAllLines', rows.length)}</button>`
    }
  </div>`;
}

export function diffCounts(file: FileDiff): TemplateResult {
  const { added, removed } = diffOf(file);
  return html`<span class="counts">
    ${added === 0 ? nothing : html`<span class="added"><span aria-hidden="true">+${added}</span><span class="hidden">${t('linesAdded', added)}</span></span>`}
    ${removed === 0 ? nothing : html`<span class="removed"><span aria-hidden="true">−${removed}</span><span class="hidden">${t('linesRemoved', removed)}</span></span>`}
  </span>`;
}

function diffRow(row: DiffRow): TemplateResult {
  if (row.kind === 'gap') return html`<tr class="gap"><td></td><td></td><td></td><td>${t('linesUnchanged', row.count)}</td></tr>`;
  const oldLine = 'oldLine' in row ? row.oldLine : '';
  const newLine = 'newLine' in row ? row.newLine : '';
  return html`<tr class=${row.kind}>
    <td class="line">${oldLine}</td>
    <td class="line">${newLine}</td>
    <td class="sign">${sign(row.kind)}</td>
    <td class="text">${visibleText(visibleParts(row.text))}</td>
  </tr>`;
}

function sign(kind: 'context' | 'added' | 'removed'): TemplateResult | string {
  if (kind === 'added') return html`<span aria-label=${t('lineAdded')} role="img">+</span>`;
  return kind === 'removed' ? html`<span aria-label=${t('lineRemoved')} role="img">−</span>` : '';
}

function openFile({ path, oldText, newText }: FileDiff) {
  const changed = diffOf({ type: 'diff', path, oldText, newText }).rows.find((row) => row.kind === 'added');
  return { type: 'openFile', path, ...(changed?.kind === 'added' ? { line: changed.newLine } : {}) } as const;
}

function openDiff({ path, oldText, newText }: FileDiff) {
  return { type: 'openDiff', path, oldText, newText } as const;
}
