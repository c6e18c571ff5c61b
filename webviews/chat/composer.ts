/** Where a prompt is written: grows with it, Enter sends, Shift+Enter breaks the line. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Agent } from '../../server/protocol/agent.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { agentStatus } from './agent-status.ts';
import type { ChatActions } from './chat-actions.ts';
import { composerBoxStyles } from './composer-styles.ts';
import { statusLineStyles, statusLines } from './status-lines.ts';
import { columnStyles } from './styles.ts';
import { t } from './texts.ts';

export class AgorComposer extends LitElement {
  static override properties = {
    agent: { attribute: false },
    draft: { attribute: false },
    problem: { attribute: false },
    isSending: { attribute: false },
    isEarlierSession: { attribute: false },
    sessionId: { attribute: false },
    openQuestions: { attribute: false },
    actions: { attribute: false },
  };
  static override styles = [baseStyles, columnStyles, statusLineStyles, composerBoxStyles, composerStyles()];

  declare agent: Agent;
  declare draft: string;
  declare problem: string | null;
  declare isSending: boolean;
  declare isEarlierSession: boolean;
  declare sessionId: string | null;
  declare openQuestions: number;
  declare actions: ChatActions;

  override focus(): void {
    // It may not be drawn yet.
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('vscode-text-area')?.focus());
  }

  override render(): TemplateResult {
    const { isBusy, blocked } = agentStatus(this.agent);
    const canSend = blocked === null && this.draft.trim() !== '';
    return html`<section class="column" aria-label=${t('composer')}>
      ${statusLines(this)}
      <div class="box">
        <vscode-text-area
          rows="1"
          placeholder=${this.#placeholder()}
          .value=${live(this.draft)}
          @input=${this.#typed}
          @keydown=${this.#pressed}
          >${t('composer')}</vscode-text-area
        >
        <div class="bar">
          <span class="hint">${t('composerHint')}</span>
          ${
            isBusy && !this.isEarlierSession
              ? html`<vscode-button appearance="secondary" title=${t('stopTurn')} @click=${() => this.actions.interrupt()}>
                  <agor-icon slot="start" name="stop-circle"></agor-icon>${t('stop')}
                </vscode-button>`
              : nothing
          }
          <vscode-button appearance="primary" ?disabled=${!canSend} @click=${this.#send}>${t(isBusy ? 'queue' : 'send')}</vscode-button>
        </div>
      </div>
    </section>`;
  }

  #placeholder(): string {
    if (this.isEarlierSession) return t('placeholderReadOnly');
    return agentStatus(this.agent).isBusy ? t('placeholderQueue') : t('placeholder', this.agent.name);
  }

  #typed(event: Event): void {
    const { currentTarget } = event;
    if (currentTarget instanceof HTMLElement && 'value' in currentTarget) this.actions.edit(String(currentTarget.value));
  }

  #pressed(event: KeyboardEvent): void {
    // While an input method composes, Enter ends the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    if (agentStatus(this.agent).blocked !== null) return;
    this.actions.sendDraft();
  }
}

function composerStyles() {
  return css`
    :host {
      display: block;
      flex: none;
      padding: 8px 0 12px;
    }
  `;
}

customElements.define('agor-composer', AgorComposer);
