/** Commands around backups: one is made, brought back, or tried out. */
import { type CancellationToken, l10n, type Progress, ProgressLocation, window } from 'vscode';
import type { Backup } from '../../server/protocol/backup.ts';
import { drillText } from '../../server/protocol/backup-text.ts';
import type { CommandHost } from '../command-host.ts';
import { sizeText } from '../text/size-text.ts';
import { messageText } from '../text/visible-text.ts';
import { backupRow, lossText } from './backup-rows.ts';

type Told = Progress<{ message?: string; increment?: number }>;

export async function backUpNow(host: CommandHost): Promise<void> {
  const options = { location: ProgressLocation.Notification, title: l10n.t('Making a backup'), cancellable: true };
  const made = await window.withProgress(options, (told, token) => madeBackup(host, told, token));
  if (made) void tellMade(host, made).catch((error: unknown) => host.failures.show(error));
}

export async function restoreBackup(host: CommandHost): Promise<void> {
  const title = l10n.t('Restore Backup');
  const picked = await pickBackup(host, title);
  if (!picked) return;
  const { loss, running } = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Counting what a restore would lose') },
    () => host.backend.call('backup/compare', { backup: picked.id }),
  );
  const yes = l10n.t('Restore');
  const when = new Date(picked.madeAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const options = { modal: true, detail: lossText(loss, running, l10n.t) };
  if ((await window.showWarningMessage(l10n.t('Bring everything back to {0}?', when), options, yes)) !== yes) return;
  const keptIn = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Restoring the backup') }, async () => {
    const done = await host.backend.call('backup/restore', { backup: picked.path });
    // The next backend ends the restore before it opens anything; that it answers says that it could.
    await host.backend.call('backend/ping', {});
    return done.keptIn;
  });
  void window.showInformationMessage(l10n.t('Everything is as it was at {0}. What was there before is in {1}.', when, keptIn));
}

export async function drillBackup(host: CommandHost): Promise<void> {
  const options = { location: ProgressLocation.Notification, title: l10n.t('Trying out the newest backup'), cancellable: true };
  const report = await window.withProgress(options, (_, token) =>
    orCancelled(host, token, { work: 'drill', asked: host.backend.call('backup/drill', {}) }),
  );
  if (!report) return;
  const lines = drillText(report);
  const show = l10n.t('Show Report');
  const told =
    report.problems.length === 0
      ? window.showInformationMessage(l10n.t('The restore drill passed: the newest backup can be relied on.'), show)
      : window.showErrorMessage(l10n.t('The restore drill failed: {0}', messageText(report.problems[0] ?? '')), show);
  if ((await told) === show) await window.showTextDocument(host.documents.add('restore-drill.txt', lines.join('\n')), { preview: true });
}

async function madeBackup(host: CommandHost, told: Told, token: CancellationToken): Promise<Backup | undefined> {
  const copied = host.backend.on('backup/progressed', ({ doneBytes, totalBytes }) =>
    told.report({ message: l10n.t('{0} of {1} copied', sizeText(doneBytes), sizeText(totalBytes)) }),
  );
  try {
    return await orCancelled(host, token, { work: 'create', asked: host.backend.call('backup/create', {}) });
  } finally {
    copied.dispose();
  }
}

type Asked<T> = { readonly work: 'create' | 'drill'; readonly asked: Promise<T> };

/** Undefined when the person gave it up. */
async function orCancelled<T>(
  { backend, failures }: CommandHost,
  token: CancellationToken,
  { work, asked }: Asked<T>,
): Promise<T | undefined> {
  const cancelling = token.onCancellationRequested(
    () => void backend.call('backup/cancel', { work }).catch((error: unknown) => failures.show(error)),
  );
  try {
    return await asked;
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    cancelling.dispose();
  }
}

/** Not waited for: it stays on the screen as long as the person likes. */
async function tellMade(host: CommandHost, { bytes, flaws }: Backup): Promise<void> {
  const drill = l10n.t('Try It Out');
  const told =
    flaws.length === 0
      ? window.showInformationMessage(l10n.t('A backup was made and checked: {0}.', sizeText(bytes)), drill)
      : window.showWarningMessage(
          l10n.t('A backup was made, but something in your data is not as it was written: {0}', messageText(flaws[0] ?? '')),
          drill,
        );
  if ((await told) === drill) await drillBackup(host);
}

async function pickBackup(host: CommandHost, title: string): Promise<Backup | undefined> {
  const now = Date.now();
  const items = host.backend
    .call('backup/list', {})
    .then(({ backups }) => backups.map((backup) => ({ ...backupRow(backup, now, l10n.t), backup })));
  const placeHolder = l10n.t('Everything of record goes back to how it was then; nothing is changed yet');
  const list = await items;
  if (list.length === 0) {
    const make = l10n.t('Back Up Now');
    if ((await window.showInformationMessage(l10n.t('There is no backup yet.'), make)) === make) await backUpNow(host);
    return undefined;
  }
  return (await window.showQuickPick(list, { title, placeHolder, matchOnDescription: true }))?.backup;
}
