/** At the top of a transcript: that its beginning is in an archive is no loss, and how to read it. */
import { html, type TemplateResult } from 'lit';
import type { Session } from '../../server/protocol/session.ts';
import type { ChatActions } from './chat-actions.ts';
import { t } from './texts.ts';

type Archived = NonNullable<Session['archived']>;

export function archivedNote(session: Session, archived: Archived, actions: ChatActions): TemplateResult {
  const { items, lastAt, archivedAt, archives } = archived;
  const [until, since] = [dayText(lastAt), dayText(archivedAt)];
  const sentence = items === 1 ? t('archivedEntry', until, since) : t('archivedEntries', items, until, since);
  const copy = () => {
    actions.copy(`agor retention read --session ${session.id}`);
    actions.announce(t('archivedCommandCopied'));
  };
  return html`<div class="archived faint" role="note" title=${t('archivedIn', archives.join(', '))}>
    <div class="column">
      <agor-icon name="archive"></agor-icon><span>${sentence}</span>
      <button class="link-button" title=${t('archivedReadDetail')} @click=${copy}>${t('archivedRead')}</button>
    </div>
  </div>`;
}

function dayText(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);
}
