/** A tool call: one quiet line, with input and result behind it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ToolContent, ToolKind, ToolStatus } from '../../../server/protocol/agent-event.ts';
import type { ChatText } from '../../../server/protocol/chat-texts.ts';
import type { IconName } from '../../shared/icon.ts';
import { withoutTerminalCodes } from '../../shared/visible-text.ts';
import { durationText } from '../amounts.ts';
import { t } from '../texts.ts';
import { diffBlock, diffCounts, diffOf, type FileDiff } from './diff.ts';
import { longText } from './long-text.ts';
import type { RowContext, ToolCall } from './row-context.ts';

const icons: Record<ToolKind, IconName> = {
  read: 'file',
  edit: 'edit',
  delete: 'trash',
  move: 'move',
  search: 'search',
  execute: 'terminal',
  think: 'lightbulb',
  fetch: 'globe',
  other: 'tools',
};

const statuses: Record<ToolStatus, { word: ChatText; icon: IconName }> = {
  pending: { word: 'toolPending', icon: 'clockface' },
  running: { word: 'toolRunning', icon: 'loading' },
  ok: { word: 'toolOk', icon: 'check' },
  failed: { word: 'toolFailed', icon: 'error' },
  denied: { word: 'toolDenied', icon: 'circle-slash' },
  interrupted: { word: 'toolInterrupted', icon: 'debug-stop' },
};

/** A small edit that was made is shown at once; everything else waits to be asked for. */
const openDiffRows = 24;

export function toolRow(item: ToolCall, context: RowContext): TemplateResult {
  const diffs = item.content.filter((content) => content.type === 'diff');
  const isOpen = context.isOpen(item.id) ?? opensByItself(item, diffs);
  return html`<div class="tool ${item.status} ${item.parentItemId ? 'nested' : ''}">
    <button class="fold" aria-expanded=${isOpen} @click=${() => context.setOpen(item.id, !isOpen)}>
      <agor-icon class="chevron" name="chevron-right"></agor-icon>
      <agor-icon name=${icons[item.toolKind]}></agor-icon>
      <span class="fold-title">${item.title || item.name}</span>
      ${diffs.length === 1 && diffs[0] ? diffCounts(diffs[0]) : nothing}
      <span class="fold-end">${isLong(item) ? durationText((item.endedAt ?? item.at) - item.at) : nothing} ${statusMark(item)}</span>
    </button>
    ${isOpen ? html`<div class="fold-body">${toolBody(item, context)}</div>` : nothing}
  </div>`;
}

function statusMark({ status }: ToolCall): TemplateResult {
  const { word, icon } = statuses[status];
  const isQuiet = status === 'ok' || status === 'running';
  return html`<span class="status">
    <span class=${isQuiet ? 'hidden' : ''}>${t(word)}</span>
    <agor-icon name=${icon} ?spin=${status === 'running'}></agor-icon>
  </span>`;
}

function toolBody(item: ToolCall, context: RowContext): TemplateResult {
  const input = inputText(item.input);
  const ended = item.endedAt !== null;
  return html`
    ${input === '' || item.content.some(({ type }) => type === 'diff') ? nothing : section('toolInput', input, `${item.id}/input`, context)}
    ${item.content.map((content, index) => contentBlock(content, `${item.id}/${index}`, context))}
    ${item.content.length === 0 && ended ? html`<div class="faint">${t('noOutput')}</div>` : nothing}
    ${item.omittedChars > 0 ? html`<div class="faint">${t('omitted', item.omittedChars.toLocaleString())}</div>` : nothing}
  `;
}

function contentBlock(content: ToolContent, part: string, context: RowContext): TemplateResult | typeof nothing {
  if (content.type === 'diff') return diffBlock(content, { part, shows: 'beginning' }, context);
  const text = withoutTerminalCodes(content.text).trimEnd();
  return text === '' ? nothing : section('toolOutput', text, part, context);
}

function section(label: ChatText, text: string, part: string, context: RowContext): TemplateResult {
  return html`<div class="section">
    <div class="code-bar">
      <span>${t(label)}</span>
      <button class="icon-button" title=${t('copy')} aria-label=${t('copy')} @click=${() => context.copy(text)}>
        <agor-icon name="copy"></agor-icon>
      </button>
    </div>
    <pre class="output" tabindex="0">${longText(text, part, context)}</pre>
  </div>`;
}

/** A command is shown as it is typed; what says the same as the title is not repeated. */
function inputText(input: unknown): string {
  if (input === null || input === undefined) return '';
  if (typeof input === 'string') return input;
  if (typeof input === 'object' && Object.keys(input).length === 0) return '';
  if (typeof input === 'object' && 'command' in input && typeof input.command === 'string') return input.command;
  return JSON.stringify(input, null, 2);
}

function opensByItself(item: ToolCall, diffs: readonly FileDiff[]): boolean {
  return item.status === 'ok' && diffs.length === 1 && diffs.every((file) => diffOf(file).rows.length <= openDiffRows);
}

function isLong({ at, endedAt }: ToolCall): boolean {
  return endedAt !== null && endedAt - at >= 1000;
}
