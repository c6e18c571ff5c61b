/** Tells a person, once, that the version of this window was tried out on their data and may not serve it. */
import { type LogOutputChannel, l10n, window } from 'vscode';

export async function tellRefusedUpdate(sentence: string, log: LogOutputChannel): Promise<void> {
  log.warn(sentence);
  const showLog = l10n.t('Show Log');
  if ((await window.showWarningMessage(sentence, showLog)) === showLog) log.show(true);
}
