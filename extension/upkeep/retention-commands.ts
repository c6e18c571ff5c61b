/** What becomes of old messages, and of old turns where a person asked for it: they leave the database for files. */
import { commands, l10n, ProgressLocation, window } from 'vscode';
import type { RetentionReport, RetentionRun } from '../../server/protocol/retention.ts';
import type { CommandHost } from '../command-host.ts';

/** Never by itself: a person asked, or clicked on the notification. */
export async function reviewRetention(host: CommandHost): Promise<void> {
  const report = await host.backend.call('retention/show', {});
  const [now, change] = [l10n.t('Archive Now'), l10n.t('Set Another Time…')];
  const isOn = report.messageDays > 0 || report.transcriptDays > 0;
  const words = `${standing(report)} ${ofTranscripts(report)}`;
  const answer = await window.showInformationMessage(words, ...(isOn ? [now] : []), change);
  if (answer === change) await commands.executeCommand('workbench.action.openSettings', 'agor.retention');
  if (answer === now) await archive(host);
}

async function archive({ backend }: CommandHost): Promise<void> {
  const progress = { location: ProgressLocation.Notification, title: l10n.t('What is old is being archived…') };
  const run = await window.withProgress(progress, () => backend.call('retention/run', {}));
  void window.showInformationMessage(outcome(run));
}

function standing({ state, messageDays, beginsAt, archives }: RetentionReport): string {
  const kept = archives.reduce((sum, { messages }) => sum + messages, 0);
  if (state === 'off') return l10n.t('Messages are kept for good. In archives: {0}.', kept);
  if (state === 'announced' && beginsAt !== null) {
    const day = new Date(beginsAt).toLocaleDateString();
    return l10n.t('Messages older than {0} days leave the database for readable files from {1} on.', messageDays, day);
  }
  return l10n.t('Messages older than {0} days are archived each day. In archives: {1}.', messageDays, kept);
}

function ofTranscripts({ transcriptDays, transcriptArchives }: RetentionReport): string {
  const kept = transcriptArchives.reduce((sum, { items }) => sum + items, 0);
  if (transcriptDays > 0) return l10n.t('Turns older than {0} days are archived each day. Entries in archives: {1}.', transcriptDays, kept);
  return kept === 0 ? l10n.t('Transcripts are kept for good.') : l10n.t('Transcripts are kept for good. Entries in archives: {0}.', kept);
}

function outcome({ archived, archivedItems = 0, problems }: RetentionRun): string {
  const [problem] = problems;
  if (problem !== undefined) return l10n.t('The archiving met a problem: {0}', problem);
  if (archived === 0 && archivedItems === 0) return l10n.t('Nothing is old enough to be archived.');
  if (archivedItems === 0) return l10n.t('Archived messages: {0}.', archived);
  return l10n.t('Archived messages: {0}, entries of transcripts: {1}.', archived, archivedItems);
}
