/**
 * An approval as plain text: everything that the answer's hash covers, nothing shortened. What an agent wrote cannot pass
 * for a line of ours: one line stays one line, longer text is indented, and what would not be seen is written out.
 */
import type { PermissionRequest, ToolContent } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { otherLettersOf } from '../../server/protocol/other-letters.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, visible } from '../text/visible-text.ts';
import type { Asker } from './decision-words.ts';
import { filledLines, formLines } from './form-lines.ts';

/** The whole question: what is asked, and what we know of it. */
export function questionText(approval: Approval, { agent, project }: Asker, t: Translate): string {
  const facts = [
    `${t('State')}: ${stateText(approval, t)}`,
    ...(project === '' ? [] : [`${t('Project')}: ${oneLine(project)}`]),
    `${t('Kind')}: ${oneLine(approval.kindLabel)}`,
    `${t('Asked')}: ${new Date(approval.askedAt).toLocaleString()}`,
    ...(approval.askedBecause === null ? [] : [`${t('Asked although its mode answers by itself')}: ${oneLine(approval.askedBecause)}`]),
    ...filledLines(approval.values ?? {}, t),
    ...(approval.expiresAt === null ? [] : [`${t('Denied unless answered by')}: ${new Date(approval.expiresAt).toLocaleString()}`]),
  ];
  return `${[titleLine(agent, approval.request, t), '', ...facts, '', ...requestLines(approval.request, t)].join('\n')}\n`;
}

export function stateText({ state, answeredBy }: Pick<Approval, 'state' | 'answeredBy'>, t: Translate): string {
  if (answeredBy?.startsWith('rule:')) return state === 'denied' ? t('denied by a rule') : t('allowed by a rule');
  if (answeredBy?.startsWith('mode:')) return state === 'denied' ? t('denied by the mode') : t('allowed by the mode');
  const words: Record<Approval['state'], string> = {
    open: t('waits for your answer'),
    allowedOnce: t('allowed once'),
    allowedForSession: t('allowed for the session'),
    denied: t('denied'),
    withdrawn: t('withdrawn, the agent went on without it'),
    expired: t('expired, nobody answered in time'),
    cancelled: t('cancelled'),
  };
  return words[state];
}

/** What is asked, without what we know of it. */
export function approvalText(agentName: string, request: PermissionRequest, t: Translate): string {
  return `${[titleLine(agentName, request, t), '', ...requestLines(request, t)].join('\n')}\n`;
}

function titleLine(agentName: string, { title }: PermissionRequest, t: Translate): string {
  return t('{0} asks: {1}', oneLine(agentName), oneLine(title));
}

function requestLines(request: PermissionRequest, t: Translate): string[] {
  const lines = [`${t('Tool')}: ${oneLine(request.toolName)}`];
  if (request.cwd !== null) lines.push(`${t('Folder')}: ${oneLine(request.cwd)}`);
  if (request.resolved !== null) lines.push(`${t('Program')}: ${oneLine(request.resolved)}`);
  const letters = otherLettersOf(request);
  if (letters.length > 0) lines.push(`${t('Not plain Latin')}: ${letters.join(', ')}`);
  if (request.reason !== null) lines.push(`${t('Reason')}: ${oneLine(request.reason)}`);
  if (request.command !== null) lines.push('', `${t('Command')}:`, prefixed(request.command, indent));
  for (const content of request.content) lines.push('', contentText(content, t));
  return [...lines, ...formLines(request.form?.fields ?? [], t)];
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
