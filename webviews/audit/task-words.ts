/**
 * What a task that is made of a row begins with. Only facts of ours: what an agent wrote stays in the log, where it cannot
 * speak to the agent that gets the task.
 */
import type { AuditRecord } from '../../server/protocol/audit.ts';
import { agentText, dateOf, type Names } from './row-words.ts';
import { t } from './texts.ts';

export interface TaskDraft {
  readonly title: string;
  readonly description: string;
}

const maxTitleChars = 200;
/** Names of events are plain words, and agents have ids; in a log that was tampered with, they may be anything. */
const plainName = /^[a-z][a-z0-9_]{0,63}$/;
const plainId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function taskDraft({ seq, at, event, agentId, hash }: AuditRecord, names: Names): TaskDraft {
  const date = dateOf(at);
  const name = plainName.test(event) ? event : t('details', seq);
  const agent = agentId !== null && (names.has(agentId) || plainId.test(agentId)) ? agentText(agentId, names) : '';
  const title = agent === '' ? t('taskTitleAlone', name) : t('taskTitleOf', name, agent);
  const lines = [t('taskAbout', seq, name, date?.toISOString() ?? String(at))];
  if (agent !== '') lines.push(t('taskAboutAgent', agent));
  if (/^[0-9a-f]{64}$/.test(hash)) lines.push(t('taskHash', hash));
  if (date && plainName.test(event)) lines.push(lookAt(event, date));
  return { title: title.slice(0, maxTitleChars), description: lines.join('\n') };
}

function lookAt(event: string, date: Date): string {
  const second = (offset: number) => new Date(Math.floor(date.getTime() / 1000) * 1000 + offset).toISOString().replace('.000Z', 'Z');
  return t('taskShow', event, second(0), second(1000));
}
