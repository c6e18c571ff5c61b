/** What says by its colour how much of something is taken. Decoration: a figure or a word stands beside it. */
import { html, nothing, type TemplateResult } from 'lit';

export function bar(share: number, level: 'fine' | 'large' | 'critical'): TemplateResult {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return html`<svg class="bar ${level}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="whole" width="100" height="6"></rect>
    <rect class="taken" width=${filled} height="6"></rect>
  </svg>`;
}

/** Beside a text, which keeps the colour of text: those of warnings are too pale for it in light themes. */
export function levelIcon(level: 'fine' | 'large' | 'critical'): TemplateResult | typeof nothing {
  if (level === 'fine') return nothing;
  return html`<agor-icon class=${level} name=${level === 'critical' ? 'error' : 'warning'}></agor-icon>`;
}
