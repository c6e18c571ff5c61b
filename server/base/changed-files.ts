/** What a question would change of files, when it is about nothing else. Pure. */
import type { PermissionRequest } from '../protocol/agent-event.ts';

/** Nothing but changes of files is shown. */
export function changesFiles({ toolKind, content }: PermissionRequest): boolean {
  return /^(?:edit|delete|move)$/.test(toolKind) && content.length > 0 && content.every(({ type }) => type === 'diff');
}

/** The files that it changes, each once, as they are shown: from the agent's folder, or absolute. */
export function changedPaths({ content }: PermissionRequest): string[] {
  return [...new Set(content.flatMap((part) => (part.type === 'diff' ? [part.path] : [])))];
}
