/** Text with its hidden characters drawn as their code points. */
import { html, type TemplateResult } from 'lit';
import type { TextPart } from './visible-text.ts';

export function visibleText(parts: readonly TextPart[]): (TemplateResult | string)[] {
  return parts.map((part) => (part.kind === 'plain' ? part.text : html`<span class="code-point">${part.codePoint}</span>`));
}
