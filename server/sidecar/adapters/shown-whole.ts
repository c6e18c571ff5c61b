/**
 * A permission request must show everything that the answer decides on: nothing of it is cut, and one that is too large
 * to be shown whole is denied instead. Pure.
 */
import type { AgentEvent, PermissionRequest, ToolContent } from '../../protocol/agent-event.ts';

const mostRequestBytes = 1024 * 1024;

export const tooLargeDenial = 'This was denied without asking, because it is too large to be shown whole. Do it in smaller steps.';

export function isTooLargeToShow(request: PermissionRequest): boolean {
  return Buffer.byteLength(JSON.stringify(request)) > mostRequestBytes;
}

export function tooLargeNotice(request: PermissionRequest): AgentEvent {
  const title = request.title.length > 200 ? `${request.title.slice(0, 200)}…` : request.title;
  const text = `The agent asked to be allowed "${title}". It was denied, because the request was too large to be shown whole.`;
  return { type: 'notice', level: 'warning', text };
}

/** The fields of a tool's input that nothing else shows, as text; nothing when all are shown. */
export function restContent(input: Readonly<Record<string, unknown>>, isShown: (name: string, value: unknown) => boolean): ToolContent[] {
  const rest = Object.entries(input).filter(([name, value]) => value !== undefined && !isShown(name, value));
  return rest.length === 0 ? [] : [{ type: 'text', text: JSON.stringify(Object.fromEntries(rest), null, 2) }];
}
