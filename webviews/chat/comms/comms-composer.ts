/** Where a person writes a message or a reply: Enter sends, Shift+Enter breaks the line. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../texts.ts';
import type { CommsActions } from './comms-actions.ts';
import type { Letter } from './letter.ts';
import { nameOf } from './message-row.ts';

interface ComposerInput {
  readonly letter: Letter;
  readonly problem: string | null;
  /** Name of the agent, or `#channel`. */
  readonly target: string;
  /** How many messages are held or were not delivered. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly actions: CommsActions;
}

export function commsComposer({ letter, problem, target, waiting, showWaiting, actions }: ComposerInput): TemplateResult {
  const { replyTo, text, isSending, expectsReply, note } = letter;
  const label = replyTo ? t('replyPlaceholder', nameOf(replyTo.from)) : t('writeTo', target);
  return html`<section class="composer column" aria-label=${label}>
    ${waiting === 0 ? nothing : waitingLine(waiting, showWaiting)} ${problem === null ? nothing : problemLine(problem, actions)}
    ${note === null ? nothing : html`<div class="line" role="status"><agor-icon name="info"></agor-icon><span>${note}</span></div>`}
    ${replyTo ? replyLine(letter, actions) : nothing}
    <div class="box">
      <vscode-text-area
        aria-label=${label}
        rows="1"
        placeholder=${replyTo ? label : t('writePlaceholder', target)}
        .value=${live(text)}
        @input=${(event: Event) => actions.edit(typedIn(event))}
        @keydown=${(event: KeyboardEvent) => sendOnEnter(event, actions)}
        >${label}</vscode-text-area
      >
      <div class="bar">
        <label class="hint"><input type="checkbox" .checked=${live(expectsReply)} @change=${() => actions.toggleExpectsReply()} />${t('expectReply')}</label>
        <vscode-button appearance="primary" ?disabled=${isSending || text.trim() === ''} @click=${() => actions.send()}>${t('sendMessage')}</vscode-button>
      </div>
    </div>
  </section>`;
}

function waitingLine(count: number, show: () => void): TemplateResult {
  return html`<div class="line attention">
    <agor-icon name="question"></agor-icon><span>${count === 1 ? t('decisionWaits') : t('decisionsWait', count)}</span>
    <button class="link-button" @click=${show}>${t('showQuestion')}</button>
  </div>`;
}

function problemLine(problem: string, actions: CommsActions): TemplateResult {
  return html`<div class="line bad" role="alert">
    <agor-icon name="error"></agor-icon><span>${problem}</span>
    <button class="icon-button" title=${t('dismiss')} aria-label=${t('dismiss')} @click=${() => actions.dismissProblem()}><agor-icon name="close"></agor-icon></button>
  </div>`;
}

function replyLine({ replyTo }: Letter, actions: CommsActions): TemplateResult | typeof nothing {
  if (!replyTo) return nothing;
  return html`<div class="line">
    <agor-icon name="reply"></agor-icon><span class="one-line">${t('replyingTo', nameOf(replyTo.from), replyTo.text.slice(0, 200))}</span>
    <button class="icon-button" title=${t('cancelReply')} aria-label=${t('cancelReply')} @click=${() => actions.reply(null)}><agor-icon name="close"></agor-icon></button>
  </div>`;
}

function sendOnEnter(event: KeyboardEvent, actions: CommsActions): void {
  // While an input method composes, Enter ends the word.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  actions.send();
}

function typedIn({ currentTarget }: Event): string {
  return currentTarget instanceof HTMLElement && 'value' in currentTarget ? String(currentTarget.value) : '';
}
