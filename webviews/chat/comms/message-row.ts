/** One message: who wrote it to whom, what became of it, and its text, which is never more than text. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Attachment, Message } from '../../../server/protocol/message.ts';
import type { Party } from '../../../server/protocol/team.ts';
import { agoText } from '../../shared/ago.ts';
import { visibleText } from '../../shared/visible.ts';
import { visibleParts } from '../../shared/visible-text.ts';
import { t } from '../texts.ts';
import type { CommsActions } from './comms-actions.ts';
import { type DeliveryLook, deliveryLook } from './delivery.ts';

export interface MessageRowInput {
  readonly message: Message;
  readonly isReply: boolean;
  readonly isUnread: boolean;
  /** Somebody was led to it a moment ago. */
  readonly isFound: boolean;
  readonly now: number;
  readonly actions: CommsActions;
}

export function messageRow({ message, isReply, isUnread, isFound, now, actions }: MessageRowInput): TemplateResult {
  const { from, to, channel, text, sentAt, attachments, isOrder } = message;
  const target = channel ? `#${channel.name}` : to ? nameOf(to) : '';
  const look = deliveryLook(message);
  const canReply = from.id !== 'person' && (channel !== null || to?.id === 'person');
  return html`<article
    class="message ${isReply ? 'reply' : ''} ${isUnread ? 'unread' : ''} ${isFound ? 'found' : ''}"
    data-message=${message.id}
    aria-label=${t('fromTo', nameOf(from), target)}
    tabindex="-1"
  >
    <div class="head">
      <span class="who"><strong>${nameOf(from)}</strong><agor-icon name="arrow-right"></agor-icon><span>${target}</span></span>
      ${isOrder ? html`<span class="mark" title=${t('orderDetail')}><agor-icon name="verified"></agor-icon>${t('order')}</span>` : nothing}
      ${message.expectsReply && look?.word !== t('deliveryAnswered') ? html`<span class="mark"><agor-icon name="question"></agor-icon>${t('expectsReply')}</span>` : nothing}
      <span class="end">
        <time datetime=${new Date(sentAt).toISOString()} title=${new Date(sentAt).toLocaleString()}>${agoText(sentAt, now)}</time>
        ${look ? stateMark(look, now) : nothing}
      </span>
    </div>
    <div class="text">${visibleText(visibleParts(text))}</div>
    ${attachments.length > 0 ? html`<div class="attachments">${attachments.map((attachment) => attachmentButton(attachment, actions))}</div>` : nothing}
    ${findings(message)}
    ${canReply ? replyButton(message, actions) : nothing}
  </article>`;
}

function replyButton(message: Message, actions: CommsActions): TemplateResult {
  const label = t('replyPlaceholder', nameOf(message.from));
  return html`<button class="link-button reply-button" aria-label=${label} @click=${() => actions.reply(message)}>
    <agor-icon name="reply"></agor-icon>${t('reply')}
  </button>`;
}

function stateMark({ icon, word, tone, at, detail }: DeliveryLook, now: number): TemplateResult {
  return html`<span class="state ${tone}" title=${`${word} ${agoText(at, now)}\n${detail}`}><agor-icon name=${icon}></agor-icon>${word}</span>`;
}

function attachmentButton({ id, name, bytes }: Attachment, actions: CommsActions): TemplateResult {
  const size = bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
  const label = t('attachment', name, size);
  return html`<button class="attachment" title=${label} @click=${() => actions.saveAttachment(id, name)}>
    <agor-icon name="attach"></agor-icon><span>${visibleText(visibleParts(name))}</span><span class="faint">${size}</span>
  </button>`;
}

function findings({ findings: found }: Message): TemplateResult | typeof nothing {
  if (found.length === 0) return nothing;
  return html`<details class="findings">
    <summary><agor-icon name="shield"></agor-icon>${t('findings')} · ${found.length === 1 ? t('findingOne') : t('findingCount', found.length)}</summary>
    <ul>
      ${found.map(({ meaning, excerpt }) => html`<li>${meaning} <q>${visibleText(visibleParts(excerpt))}</q></li>`)}
    </ul>
  </details>`;
}

/** The person reads of themself as "you". */
export function nameOf({ id, name }: Party): string {
  return id === 'person' ? t('yourself') : name;
}
