/** The content of an ACP tool call in our form: text and diffs, each within `limits.toolOutputChars` unless all of it matters. */
import type { ToolContent, ToolKind } from '../../../protocol/agent-event.ts';
import { limits } from '../../../protocol/errors.ts';
import type { ContentBlock, ToolCallContent, ToolFields } from './acp-update.ts';

export function toolContent(content: readonly ToolCallContent[]): ToolContent[] {
  return wholeToolContent(content).map((part) => {
    if (part.type === 'text') return { ...part, text: clipped(part.text) };
    return { ...part, oldText: part.oldText === null ? null : clipped(part.oldText), newText: clipped(part.newText) };
  });
}

/** For a question to a person, whose answer is about every word of it. */
export function wholeToolContent(content: readonly ToolCallContent[]): ToolContent[] {
  return content.flatMap((part): ToolContent[] => {
    if ('content' in part) return [{ type: 'text', text: blockText(part.content) }];
    if (!('newText' in part)) return [];
    return [{ type: 'diff', path: part.path, oldText: part.oldText ?? null, newText: part.newText }];
  });
}

/** What a tool gave back, where it gave no content of its own to show. */
export function rawOutputContent(rawOutput: unknown): ToolContent[] | undefined {
  if (rawOutput === undefined || rawOutput === null) return undefined;
  const text = typeof rawOutput === 'string' ? rawOutput : JSON.stringify(rawOutput, null, 2);
  return [{ type: 'text', text: clipped(text) }];
}

/** Without an input the places it works on tell more than nothing. */
export function toolInput(fields: ToolFields): unknown {
  if (fields.rawInput !== undefined && fields.rawInput !== null) return fields.rawInput;
  return fields.locations && fields.locations.length > 0 ? { locations: fields.locations } : undefined;
}

const kinds: ReadonlySet<string> = new Set<ToolKind>(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'other']);

export function toolKind(kind: string | null | undefined): ToolKind {
  // The set holds exactly the members of the type.
  return kind && kinds.has(kind) ? (kind as ToolKind) : 'other';
}

/** A content block as text; what cannot be shown as text is named. */
export function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text ?? '';
    case 'resource_link':
      return `[${block.name ?? block.uri ?? 'resource'}](${block.uri ?? ''})`;
    case 'resource':
      return block.resource?.text ?? `[${block.resource?.uri ?? 'resource'}]`;
    default:
      return `[${block.type}${block.mimeType ? ` ${block.mimeType}` : ''}]`;
  }
}

function clipped(text: string): string {
  if (text.length <= limits.toolOutputChars) return text;
  return `${text.slice(0, limits.toolOutputChars)}\n… ${text.length - limits.toolOutputChars} more characters were left out.`;
}
