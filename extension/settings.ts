/** The settings of the extension, each read where it is used, so that a change counts at once. */
import { homedir } from 'node:os';
import { commands, type Disposable, l10n, window, workspace } from 'vscode';
import { resolveDataDir } from '../server/launch/data-dir.ts';

/** Throws `badRequest` when the setting is not an absolute path. */
export function dataDir(): string {
  return resolveDataDir({ setting: dataDirSetting(), env: process.env, home: homedir(), platform: process.platform });
}

/** Whether the setting, and nothing that a terminal inherits, decided where the data is. */
export function isDataDirFromSetting(): boolean {
  return !process.env.AGOR_DATA_DIR && dataDirSetting() !== undefined;
}

export function addsDemoAgent(): boolean {
  return workspace.getConfiguration('agor').get<boolean>('demoAgent.autoAdd', true);
}

/** A window keeps the data directory it started with, so a new one needs a reload. */
export function watchDataDirSetting(): Disposable {
  return workspace.onDidChangeConfiguration(async (event) => {
    if (!event.affectsConfiguration('agor.dataDir')) return;
    const reload = l10n.t('Reload Window');
    const answer = await window.showInformationMessage(l10n.t('The new data directory is used after the window is reloaded.'), reload);
    if (answer === reload) await commands.executeCommand('workbench.action.reloadWindow');
  });
}

function dataDirSetting(): string | undefined {
  return workspace.getConfiguration('agor').get<string>('dataDir') || undefined;
}
