/** What the person said, what the agent says, and what it thinks. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../../../server/protocol/session.ts';
import { trustedHtml } from '../../shared/markdown.ts';
import type { MarkdownBlock } from '../../shared/markdown-blocks.ts';
import { t } from '../texts.ts';
import { codeBlock } from './code-block.ts';
import { longText } from './long-text.ts';
import type { RowContext } from './row-context.ts';

type Prompt = Extract<Item, { kind: 'prompt' }>;
type Text = Extract<Item, { kind: 'text' | 'thinking' }>;

const blocksPerPart = 12;

export function promptRow(item: Prompt, context: RowContext): TemplateResult {
  return html`<div class="prompt ${item.state}">
    <span class="hidden">${t('you')}</span>
    <div class="prompt-text">${longText(item.text, `${item.id}/text`, context)}</div>
    ${item.state === 'queued' ? queuedMark(item, context) : nothing}
    ${item.state === 'dropped' ? html`<div class="mark"><agor-icon name="circle-slash"></agor-icon>${t('dropped')}</div>` : nothing}
  </div>`;
}

function queuedMark({ promptId }: Prompt, context: RowContext): TemplateResult {
  const now = html`<button class="link-button" title=${t('sendNowDetail')} @click=${() => context.sendNow(promptId)}>${t('sendNow')}</button>`;
  return html`<div class="mark">
    <agor-icon name="clockface"></agor-icon>${t('queued')} · ${t('queuedDetail')}${context.maySendNow(promptId) ? now : nothing}
  </div>`;
}

export function textRow(item: Text, context: RowContext): TemplateResult | typeof nothing {
  if (item.text.trim() === '') return nothing;
  return html`<div class="message">
    <span class="hidden">${t('agent')}</span>
    ${markdownBody(item, context)}
    ${item.interrupted ? html`<div class="mark"><agor-icon name="debug-stop"></agor-icon>${t('interrupted')}</div>` : nothing}
    ${
      item.complete
        ? html`<button class="icon-button copy-message" title=${t('copyMessage')} aria-label=${t('copyMessage')} @click=${() => context.copy(item.text)}>
            <agor-icon name="copy"></agor-icon>
          </button>`
        : nothing
    }
  </div>`;
}

export function thinkingRow(item: Text, context: RowContext): TemplateResult | typeof nothing {
  if (item.complete && item.text.trim() === '') return nothing;
  const isOpen = context.isOpen(item.id) ?? false;
  return html`<div class="thinking">
    <button class="fold" aria-expanded=${isOpen} @click=${() => context.setOpen(item.id, !isOpen)}>
      <agor-icon class="chevron" name="chevron-right"></agor-icon>
      <agor-icon name="thinking"></agor-icon>
      <span class="fold-title">${t(item.complete ? 'thought' : 'thinking')}</span>
      ${isOpen ? nothing : html`<span class="fold-detail">${firstLine(item.text)}</span>`}
    </button>
    ${isOpen ? html`<div class="fold-body">${markdownBody(item, context)}</div>` : nothing}
  </div>`;
}

function markdownBody(item: Text, context: RowContext): TemplateResult {
  const blocks = context.markdown.blocks(item.id, item.text, item.complete ? 'complete' : 'growing');
  return html`<div class=${item.complete ? 'markdown' : 'markdown growing'}>${partsOf(blocks).map(
    (part) => html`<div class="part">${part.map((block) => blockBody(block, context))}</div>`,
  )}</div>`;
}

/** Of a long message that grows the browser lays out and draws the parts in sight. */
function partsOf(blocks: readonly MarkdownBlock[]): MarkdownBlock[][] {
  const count = Math.ceil(blocks.length / blocksPerPart);
  return Array.from({ length: count }, (_, part) => blocks.slice(part * blocksPerPart, (part + 1) * blocksPerPart));
}

function blockBody(block: MarkdownBlock, context: RowContext): TemplateResult {
  return block.kind === 'code' ? codeBlock(block, context) : html`<div .innerHTML=${trustedHtml(block)}></div>`;
}

function firstLine(text: string): string {
  return (
    text
      .trimStart()
      .split('\n', 1)[0]
      ?.replace(/[*_`#]+/g, '')
      .slice(0, 200) ?? ''
  );
}
