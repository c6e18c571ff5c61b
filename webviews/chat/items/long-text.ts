/** Text of any length: the first part at once, the rest when asked for. */
import { html, type TemplateResult } from 'lit';
import { t } from '../texts.ts';
import type { RowContext } from './row-context.ts';

const shownChars = 8000;

export function longText(text: string, part: string, context: RowContext): TemplateResult | string {
  if (text.length <= shownChars || context.isOpen(part)) return text;
  return html`${text.slice(0, shownChars)}…
    <button class="link-button" @click=${() => context.setOpen(part, true)}>${t('showAll', text.length.toLocaleString())}</button>`;
}
