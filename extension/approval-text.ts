/**
 * An approval as plain text: everything that the answer's hash covers, nothing shortened. What an agent wrote cannot pass
 * for a line of ours: one line stays one line, longer text is indented, and what would not be seen is written out.
 */
import type { PermissionRequest, ToolContent } from '../server/protocol/agent-event.ts';
import { otherLettersOf } from '../server/protocol/other-letters.ts';
import type { Translate } from './translate.ts';
import { oneLine, visible } from './visible-text.ts';

export function approvalText(agentName: string, request: PermissionRequest, t: Translate): string {
  const lines = [t('{0} asks: {1}', oneLine(agentName), oneLine(request.title)), '', `${t('Tool')}: ${oneLine(request.toolName)}`];
  if (request.cwd !== null) lines.push(`${t('Folder')}: ${oneLine(request.cwd)}`);
  if (request.resolved !== null) lines.push(`${t('Program')}: ${oneLine(request.resolved)}`);
  const letters = otherLettersOf(request);
  if (letters.length > 0) lines.push(`${t('Not plain Latin')}: ${letters.join(', ')}`);
  if (request.reason !== null) lines.push(`${t('Reason')}: ${oneLine(request.reason)}`);
  if (request.command !== null) lines.push('', `${t('Command')}:`, prefixed(request.command, indent));
  for (const content of request.content) lines.push('', contentText(content, t));
  return `${lines.join('\n')}\n`;
}

const indent = '    ';

function contentText(content: ToolContent, t: Translate): string {
  if (content.type === 'text') return prefixed(content.text, indent);
  const path = oneLine(content.path);
  if (content.oldText === null) return `${t('New file')}: ${path}\n${prefixed(content.newText, '+ ')}`;
  return `${t('Change of')}: ${path}\n${prefixed(content.oldText, '- ')}\n${prefixed(content.newText, '+ ')}`;
}

function prefixed(text: string, prefix: string): string {
  return visible(text)
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}
