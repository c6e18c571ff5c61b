/** A hit as a text of its own, for what no view can show. */
import type { AuditRecord } from '../../server/protocol/audit.ts';
import type { SearchHit } from '../../server/protocol/search.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, visible } from '../text/visible-text.ts';

export function hitText(hit: SearchHit, record: AuditRecord | undefined, t: Translate): string {
  const head = [oneLine(hit.title), new Date(hit.at).toLocaleString()];
  if (record) return [...head, '', ...recordLines(record, t), ''].join('\n');
  const excerpt = hit.snippet.map(({ text }) => text).join('');
  return [...head, '', visible(excerpt), '', whyOnlyThis(hit, t), ''].join('\n');
}

function recordLines({ seq, event, actor, agentId, detail, hash }: AuditRecord, t: Translate): string[] {
  return [
    t('Row {0} of the audit log', seq),
    t('Event: {0}', oneLine(event)),
    t('Done by: {0}', oneLine(actor)),
    ...(agentId === null ? [] : [t('Agent: {0}', oneLine(agentId))]),
    t('Hash: {0}', oneLine(hash)),
    '',
    visible(JSON.stringify(detail, null, 2)),
  ];
}

function whyOnlyThis({ place }: SearchHit, t: Translate): string {
  if (place.kind === 'deadLetter') return t('This is an excerpt. Somebody has settled it already, so it is in no list any more.');
  if (place.kind === 'audit') return t('This is an excerpt. The row cannot be read from the audit log now.');
  return t('This is an excerpt. The agent was removed, so there is no conversation to show it in.');
}
