/** Backups as entries of a list, and what a restore of one would lose, in words. */
import type { Backup, RestoreLoss } from '../../server/protocol/backup.ts';
import { sizeText } from '../text/size-text.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

export type BackupRow = { readonly label: string; readonly description: string; readonly detail: string };

export function backupRow(backup: Backup, now: number, t: Translate): BackupRow {
  const { madeAt, flaws, bytes, databases } = backup;
  const { sessions, btmsg } = databases;
  const icon = flaws.length === 0 ? '$(archive)' : '$(warning)';
  const counts = t(
    '{0} sessions, {1} entries, {2} messages, {3} tasks',
    ...[sessions.rows.sessions, sessions.rows.items, btmsg.rows.messages, btmsg.rows.tasks].map((count) => count ?? 0),
  );
  const flaw = flaws[0] === undefined ? [] : [pickText(flaws[0])];
  return {
    label: `${icon} ${new Date(madeAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`,
    description: [timeAgo(madeAt, now, t), sizeText(bytes), reasonText(backup, t)].join(' · '),
    detail: [counts, ...flaw].join(' · '),
  };
}

/** One sentence in a line each. */
export function lossText(loss: RestoreLoss, running: readonly string[], t: Translate): string {
  const lost = [
    { count: loss.items, text: t('entries of transcripts: {0}', loss.items) },
    { count: loss.sessions, text: t('sessions: {0}', loss.sessions) },
    { count: loss.messages, text: t('messages: {0}', loss.messages) },
    { count: loss.tasks, text: t('tasks: {0}', loss.tasks) },
    { count: loss.agents, text: t('agents: {0}', loss.agents) },
  ].flatMap(({ count, text }) => (count > 0 ? [text] : []));
  return [
    loss.commits === 0
      ? t('Nothing was written since.')
      : lost.length === 0
        ? t('Nothing was added since; {0} changes of what was there go.', loss.commits)
        : t('What came since goes ({0}); a copy stays in the quarantine.', lost.join(', ')),
    running.length === 0 ? t('No agent runs.') : t('These agents are stopped: {0}.', running.map(oneLine).join(', ')),
    t('Files in projects and worktrees stay as they are.'),
  ].join('\n');
}

function reasonText({ reason }: Backup, t: Translate): string {
  switch (reason) {
    case 'nightly':
      return t('made at night');
    case 'asked':
      return t('made by you');
    case 'upgrade':
      return t('made before an upgrade');
    case 'migration':
      return t('made before the data changed its form');
  }
}
