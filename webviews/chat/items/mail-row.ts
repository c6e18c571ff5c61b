/** What came to the agent without the person writing it: messages, and a wake of the scheduler. Closed until asked for. */
import { html, nothing, type TemplateResult } from 'lit';
import type { DeliveredBy } from '../../../server/protocol/message.ts';
import type { Item } from '../../../server/protocol/session.ts';
import type { IconName } from '../../shared/icon.ts';
import { type PageText, t } from '../texts.ts';
import { longText } from './long-text.ts';
import type { RowContext } from './row-context.ts';

type Mail = Extract<Item, { kind: 'mail' }>;
type Prompt = Extract<Item, { kind: 'prompt' }>;

const ways: Record<DeliveredBy, PageText> = {
  turn: 'mailByTurn',
  stop: 'mailByStop',
  context: 'mailByContext',
  command: 'mailByCommand',
};

export function mailRow(item: Mail, context: RowContext): TemplateResult {
  const count = item.messageIds.length === 1 ? t('mailCountOne') : t('mailCount', item.messageIds.length);
  return fold({ item, icon: 'mail', title: t('mailGiven'), detail: `${count}, ${t(ways[item.by])}` }, context);
}

/** A turn that messages or the scheduler began. */
export function broughtPromptRow(item: Prompt, context: RowContext): TemplateResult {
  const isWake = item.origin === 'wake';
  const detail = item.state === 'queued' ? t('queued') : item.state === 'dropped' ? t('dropped') : firstLine(item.text);
  return fold({ item, icon: isWake ? 'bell' : 'mail', title: t(isWake ? 'promptWake' : 'promptMail'), detail }, context);
}

interface Fold {
  readonly item: Mail | Prompt;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
}

function fold({ item, icon, title, detail }: Fold, context: RowContext): TemplateResult {
  const isOpen = context.isOpen(item.id) ?? false;
  return html`<div class="mail">
    <button class="fold" aria-expanded=${isOpen} @click=${() => context.setOpen(item.id, !isOpen)}>
      <agor-icon class="chevron" name="chevron-right"></agor-icon>
      <agor-icon name=${icon}></agor-icon>
      <span class="fold-title">${title}</span>
      ${isOpen ? nothing : html`<span class="fold-detail">${detail}</span>`}
    </button>
    ${isOpen ? html`<div class="fold-body"><div class="mail-text">${longText(item.text, `${item.id}/text`, context)}</div></div>` : nothing}
  </div>`;
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]?.slice(0, 200) ?? '';
}
