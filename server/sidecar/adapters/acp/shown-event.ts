/** ACP names files by absolute paths; people read them from the project's root. Pure. */
import type { AgentEvent, ToolContent } from '../../../protocol/agent-event.ts';
import { shownPath } from '../shown-path.ts';

export function shownEvent(event: AgentEvent, projectDir: string): AgentEvent {
  const shown = (content: readonly ToolContent[]) =>
    content.map((part) => (part.type === 'diff' ? { ...part, path: shownPath(part.path, projectDir) } : part));
  if (event.type === 'permissionAsked') return { ...event, request: { ...event.request, content: shown(event.request.content) } };
  return 'content' in event && event.content ? { ...event, content: shown(event.content) } : event;
}
