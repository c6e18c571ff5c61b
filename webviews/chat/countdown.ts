/** The seconds until something happens, counted by the page itself: nobody else sends a tick. */
import { html, LitElement, type TemplateResult } from 'lit';
import { countdownText } from './amounts.ts';

const tickMs = 1_000;

class AgorCountdown extends LitElement {
  static override properties = { until: { type: Number } };

  /** Epoch milliseconds. */
  declare until: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), tickMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** A screen reader is told once, by the sentence around it, and not each second. */
  override render(): TemplateResult {
    return html`<span aria-hidden="true">${countdownText(Math.max(0, this.until - Date.now()))}</span>`;
  }
}

customElements.define('agor-countdown', AgorCountdown);
