/** The items of a session as lines for a person to read. */
import type { ToolContent, Usage } from '../protocol/agent-event.ts';
import { shortId } from '../protocol/ids.ts';
import type { Item } from '../protocol/session.ts';
import { oneLine, printable } from './printable.ts';
import { diffLines } from './question-text.ts';
import type { Style } from './style.ts';
import { durationText } from './time-text.ts';

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;

const shownToolLines = 12;

export const answerTexts = {
  open: 'waits for an answer',
  allowedOnce: 'allowed once',
  allowedForSession: 'allowed for this session',
  denied: 'denied',
  withdrawn: 'withdrawn',
  expired: 'denied, because nobody answered in time',
  cancelled: 'cancelled',
} as const;

export function itemLines(item: Item, style: Style): string[] {
  switch (item.kind) {
    case 'prompt':
      return ['', ...textLines(item.text).map((line) => style('cyan', `> ${line}`)), ...promptNote(item, style)];
    case 'text':
      return ['', ...textLines(item.text), ...(item.interrupted ? [style('dim', '(cut off here)')] : [])];
    case 'thinking':
      return ['', ...textLines(item.text).map((line) => style('dim', line))];
    case 'tool':
      return toolLines(item, style);
    case 'permission':
      return [`? ${oneLine(item.request.title)}: ${permissionText(item)}`];
    case 'mail':
      return ['', ...textLines(item.text).map((line) => style('dim', `| ${line}`))];
    case 'plan':
      return item.entries.map((entry) => `  ${planMarks[entry.status]} ${oneLine(entry.text)}`);
    case 'notice':
      return [style(item.level === 'error' ? 'red' : 'yellow', `${item.level}: ${oneLine(item.text, 1000)}`)];
    case 'turnEnd':
      return [style('dim', `-- ${turnEndText(item)}`)];
  }
}

const planMarks = { pending: '[ ]', running: '[>]', done: '[x]' } as const;

export function permissionText(item: Of<'permission'>): string {
  const id = item.state === 'open' ? ` (agor approve ${shortId(item.approvalId)})` : '';
  return `${answerTexts[item.state]}${item.answeredBy ? `, by ${oneLine(item.answeredBy)}` : ''}${id}`;
}

export function toolTitle(item: Of<'tool'>): string {
  return oneLine(item.title || item.name);
}

/** How a turn ended, with the reason where there is one. */
export function turnEndText(item: Of<'turnEnd'>): string {
  const failure = item.failure ? `: ${oneLine(item.failure.message, 500)}` : '';
  const cost = item.usage ? usageText(item.usage) : '';
  return `${item.reason} after ${durationText(item.durationMs)}${failure}${cost ? ` (session so far: ${cost})` : ''}`;
}

export function usageText(usage: Usage): string {
  const { contextTokens, contextWindowTokens } = usage;
  const tokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
  const context =
    contextTokens !== null && contextWindowTokens ? `${Math.ceil((100 * contextTokens) / contextWindowTokens)}% of context` : '';
  return [tokens > 0 ? `${tokens} tokens` : '', context, usageCostText(usage)].filter(Boolean).join(', ');
}

/** With who says so, where it is not the agent itself. */
function usageCostText({ costUsd, costSource, unpriced = [] }: Usage): string {
  if (costUsd === null)
    return unpriced.length === 0 ? '' : `cost unknown: no price for ${unpriced.map((model) => oneLine(model)).join(', ')}`;
  const from = costSource?.by === 'prices' ? ` by the prices of ${oneLine(costSource.dated)}` : '';
  return `$${costUsd.toFixed(4)}${from}`;
}

function promptNote(item: Of<'prompt'>, style: Style): string[] {
  if (item.state === 'sent') return [];
  return [style('dim', item.state === 'queued' ? '(waits for its turn)' : '(dropped)')];
}

function toolLines(item: Of<'tool'>, style: Style): string[] {
  const content = item.content.flatMap((part) => toolContentLines(part, style));
  const shown = content.slice(0, shownToolLines).map((line) => style('dim', `    ${line}`));
  const hidden = content.length - shown.length;
  const more = hidden > 0 ? [style('dim', `    … ${hidden} more lines, see --json`)] : [];
  const omitted = item.omittedChars > 0 ? [style('dim', `    … ${item.omittedChars} characters were not kept`)] : [];
  return [`  ${toolTitle(item)} [${item.status}]`, ...shown, ...more, ...omitted];
}

function toolContentLines(content: ToolContent, style: Style): string[] {
  if (content.type === 'text') return textLines(content.text);
  return [oneLine(content.path), ...diffLines(content, style)];
}

function textLines(text: string): string[] {
  return printable(text).trimEnd().split('\n');
}
