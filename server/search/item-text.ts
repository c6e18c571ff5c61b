/** What of an entry of a transcript can be searched. */
import type { ToolContent } from '../protocol/agent-event.ts';
import type { Item } from '../protocol/session.ts';

/** Empty where there is nothing; mail is found among the communications, not a second time here. */
export function itemText(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return item.origin === 'mail' ? '' : item.text;
    case 'text':
    case 'thinking':
    case 'notice':
      return item.text;
    case 'tool':
      return [item.title, ...strings(item.input), ...item.content.map(contentText)].join('\n');
    case 'permission':
      return [item.request.title, item.request.command ?? '', item.request.reason ?? ''].join('\n').trim();
    case 'plan':
      return item.entries.map(({ text }) => text).join('\n');
    case 'turnEnd':
      return item.failure?.message ?? '';
    case 'mail':
      return '';
  }
}

function contentText(content: ToolContent): string {
  return content.type === 'text' ? content.text : `${content.path}\n${content.newText}`;
}

/** Every text within a value, its names left out. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}
