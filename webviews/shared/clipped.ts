/** Recognizes content that was cut before it came here, by the sentence that was put in place of the rest. */
import type { ToolContent } from '../../server/protocol/agent-event.ts';

const notice = /… \d+ more characters were left out\.$/;

export function isClipped(content: ToolContent): boolean {
  const texts = content.type === 'text' ? [content.text] : [content.oldText ?? '', content.newText];
  return texts.some((text) => notice.test(text.trimEnd()));
}
