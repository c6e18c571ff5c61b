/** An approval as plain text: everything that the answer's hash covers, nothing shortened. */
import type { PermissionRequest, ToolContent } from '../server/protocol/agent-event.ts';
import type { Translate } from './translate.ts';

export function approvalText(agentName: string, request: PermissionRequest, t: Translate): string {
  const lines = [t('{0} asks: {1}', agentName, request.title), '', `${t('Tool')}: ${request.toolName}`];
  if (request.cwd !== null) lines.push(`${t('Folder')}: ${request.cwd}`);
  if (request.reason !== null) lines.push(`${t('Reason')}: ${request.reason}`);
  if (request.command !== null) lines.push('', `${t('Command')}:`, request.command);
  for (const content of request.content) lines.push('', contentText(content, t));
  return `${lines.join('\n')}\n`;
}

function contentText(content: ToolContent, t: Translate): string {
  if (content.type === 'text') return content.text;
  if (content.oldText === null) return `${t('New file')}: ${content.path}\n${prefixed(content.newText, '+ ')}`;
  return `${t('Change of')}: ${content.path}\n${prefixed(content.oldText, '- ')}\n${prefixed(content.newText, '+ ')}`;
}

function prefixed(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}
