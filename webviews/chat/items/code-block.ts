/** A block of code of a message, with its language and a button that copies it. */
import { html, type TemplateResult } from 'lit';
import type { CodeLine } from '../../shared/highlight-engine.ts';
import type { MarkdownBlock } from '../../shared/markdown-blocks.ts';
import { t } from '../texts.ts';
import type { RowContext } from './row-context.ts';

export function codeBlock(block: Extract<MarkdownBlock, { kind: 'code' }>, context: RowContext): TemplateResult {
  // Code that still streams is plain: colouring it anew at every word would cost the frame.
  const lines = block.closed ? context.highlighter.lines(block.language, block.text) : null;
  return html`<div class="code">
    <div class="code-bar">
      <span>${block.language || 'text'}</span>
      <button class="icon-button" title=${t('copyCode')} aria-label=${t('copyCode')} @click=${() => context.copy(block.text)}>
        <agor-icon name="copy"></agor-icon>
      </button>
    </div>
    <pre tabindex="0"><code>${lines ? lines.map(codeLine) : block.text}</code></pre>
  </div>`;
}

function codeLine(line: CodeLine, index: number): unknown[] {
  const spans = line.map(({ text, className }) => (className ? html`<span class=${className}>${text}</span>` : text));
  return index === 0 ? spans : ['\n', ...spans];
}
