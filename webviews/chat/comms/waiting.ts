/** What waits for a decision of the person, above the messages: texts that are held, and messages that did not arrive. */
import { html, nothing, type TemplateResult } from 'lit';
import type { DeadLetter } from '../../../server/protocol/message.ts';
import type { HeldItem } from '../../../server/protocol/screening.ts';
import { agoText } from '../../shared/ago.ts';
import { visibleText } from '../../shared/visible.ts';
import { visibleParts } from '../../shared/visible-text.ts';
import { t } from '../texts.ts';
import type { CommsActions } from './comms-actions.ts';
import { nameOf } from './message-row.ts';

export function heldItems(items: readonly HeldItem[], actions: CommsActions): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  return html`<section class="waiting" aria-label=${t('heldTitle')}>
    <h2><agor-icon name="shield"></agor-icon>${t('heldTitle')}</h2>
    <p class="faint">${t('heldWhy')}</p>
    ${items.map((item) => heldItem(item, actions))}
  </section>`;
}

function heldItem(item: HeldItem, actions: CommsActions): TemplateResult {
  return html`<article data-waiting=${item.id} tabindex="-1">
    <div class="head"><span class="who"><strong>${item.from}</strong><agor-icon name="arrow-right"></agor-icon><span>${item.to}</span></span>
      <span class="end">${agoText(item.heldAt, Date.now())}</span></div>
    <div class="text">${visibleText(visibleParts(item.text))}</div>
    <ul>
      ${item.findings.map(({ meaning, excerpt }) => html`<li>${meaning} <q>${visibleText(visibleParts(excerpt))}</q></li>`)}
    </ul>
    <div class="buttons">
      <vscode-button appearance="secondary" @click=${() => actions.settleHeld(item, 'screening/discard')}>${t('discard')}</vscode-button>
      <vscode-button appearance="secondary" @click=${() => actions.settleHeld(item, 'screening/release')}>${t('release')}</vscode-button>
    </div>
  </article>`;
}

export function deadLetterItems(deadLetters: readonly DeadLetter[], actions: CommsActions): TemplateResult | typeof nothing {
  if (deadLetters.length === 0) return nothing;
  return html`<section class="waiting" aria-label=${t('deadTitle')}>
    <h2><agor-icon name="circle-slash"></agor-icon>${t('deadTitle')}</h2>
    ${deadLetters.map((deadLetter) => deadLetterItem(deadLetter, actions))}
  </section>`;
}

function deadLetterItem(deadLetter: DeadLetter, actions: CommsActions): TemplateResult {
  const { from, to, content, error, diedAt, id } = deadLetter;
  return html`<article data-waiting=${id} tabindex="-1">
    <div class="head"><span class="who"><strong>${nameOf(from)}</strong><agor-icon name="arrow-right"></agor-icon><span>${nameOf(to)}</span></span>
      <span class="end">${agoText(diedAt, Date.now())}</span></div>
    <p>${error}</p>
    <div class="text quoted">${visibleText(visibleParts(content))}</div>
    <div class="buttons">
      <vscode-button appearance="secondary" @click=${() => actions.settleDeadLetter(deadLetter, 'deadLetter/discard')}>${t('discard')}</vscode-button>
      <vscode-button appearance="secondary" @click=${() => actions.settleDeadLetter(deadLetter, 'deadLetter/redeliver')}>${t('redeliver')}</vscode-button>
    </div>
  </article>`;
}
