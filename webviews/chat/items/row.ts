/** The template of an item, and a guess of its height before it is drawn. */
import { html, type nothing, type TemplateResult } from 'lit';
import type { Item } from '../../../server/protocol/session.ts';
import { broughtPromptRow, mailRow } from './mail-row.ts';
import { promptRow, textRow, thinkingRow } from './message.ts';
import { permissionRow } from './permission.ts';
import type { RowContext } from './row-context.ts';
import { noticeRow, planRow, turnEndRow } from './small-rows.ts';
import { toolRow } from './tool.ts';

export function itemRow(item: Item, context: RowContext): TemplateResult | typeof nothing {
  switch (item.kind) {
    case 'prompt':
      return isBrought(item) ? broughtPromptRow(item, context) : promptRow(item, context);
    case 'text':
      return textRow(item, context);
    case 'thinking':
      return thinkingRow(item, context);
    case 'tool':
      return toolRow(item, context);
    case 'permission':
      return permissionRow(item, context);
    case 'mail':
      return mailRow(item, context);
    case 'plan':
      return planRow(item);
    case 'notice':
      return noticeRow(item, context);
    case 'turnEnd':
      return turnEndRow(item, context);
    default:
      return unknownRow(item);
  }
}

const lineHeightPx = 20;
const charsPerLine = 90;

export function estimatedHeightPx(item: Item | undefined): number {
  if (item?.kind === 'text' || (item?.kind === 'prompt' && !isBrought(item))) {
    const lines = Math.ceil(Math.min(item.text.length, 8000) / charsPerLine);
    return (item.kind === 'prompt' ? 40 : 16) + lines * lineHeightPx;
  }
  if (item?.kind === 'permission' && item.state === 'open') return 160;
  if (item?.kind === 'plan') return 40 + item.entries.length * 24;
  return 28;
}

/** The person did not write it. */
function isBrought({ origin }: Extract<Item, { kind: 'prompt' }>): boolean {
  return origin === 'mail' || origin === 'wake';
}

/** A newer backend may know kinds that this page does not. */
function unknownRow(_item: never): TemplateResult {
  return html``;
}
