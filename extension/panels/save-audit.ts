/** Asks the person for a folder, and has the backend save rows of the audit log in it. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, l10n, ProgressLocation, Uri, window } from 'vscode';
import type { Backend } from '../backend/backend.ts';

type Period = { readonly from?: number | undefined; readonly to?: number | undefined };

export async function saveAudit(backend: Backend, { from, to }: Period): Promise<void> {
  const [folder] = (await window.showOpenDialog(dialog())) ?? [];
  if (!folder) return;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const { path, manifest } = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Exporting the audit log…') },
    () => backend.call('audit/save', { dir: folder.fsPath, ...period }),
  );
  const show = l10n.t('Show Manifest');
  const message = l10n.t('{0} rows of the audit log are in {1}.', manifest.rows, path);
  if ((await window.showInformationMessage(message, show)) !== show) return;
  await commands.executeCommand('vscode.open', Uri.file(join(path, 'manifest.json')));
}

/** A project is not offered: agents read what is in it. */
function dialog() {
  const defaultUri = Uri.file(homedir());
  const choice = { canSelectFolders: true, canSelectFiles: false, canSelectMany: false, defaultUri };
  return { ...choice, title: l10n.t('Export the Audit Log'), openLabel: l10n.t('Export Here') };
}
