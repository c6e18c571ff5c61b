/** A page, drawn once for each frame however much arrives, and what each says of its connection and of what failed. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ConnectionState } from '../../server/protocol/webview.ts';

type Words = (key: 'connectionFailed' | 'away' | 'connecting' | 'dismiss') => string;

export abstract class PageElement extends LitElement {
  #frame = 0;

  /** However many changes arrive, the page is drawn once for each frame. */
  changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.requestUpdate();
    });
  }
}

/** `isStarting`: nothing was shown yet, so that a first connection is no news. */
export function connectionBanner(connection: ConnectionState, isStarting: boolean, t: Words): TemplateResult | typeof nothing {
  if (connection === 'connected' || (connection === 'connecting' && isStarting)) return nothing;
  const sentence = connection === 'failed' ? t('connectionFailed') : t(connection === 'away' ? 'away' : 'connecting');
  return html`<div class="banner ${connection}" role="status">
    <agor-icon name=${connection === 'failed' ? 'debug-disconnect' : 'sync'} ?spin=${connection !== 'failed'}></agor-icon><span>${sentence}</span>
  </div>`;
}

export function problemBanner(problem: string | null, onDismiss: () => void, t: Words): TemplateResult | typeof nothing {
  if (problem === null) return nothing;
  return html`<div class="banner failed" role="alert">
    <agor-icon name="error"></agor-icon><span>${problem}</span>
    <button class="icon-button" title=${t('dismiss')} aria-label=${t('dismiss')} @click=${onDismiss}>
      <agor-icon name="close"></agor-icon>
    </button>
  </div>`;
}
