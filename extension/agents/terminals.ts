/** Puts the command `agor` on the PATH of VS Code's terminals. */
import { delimiter, join } from 'node:path';
import { type EnvironmentVariableCollection, l10n } from 'vscode';

type TerminalOptions = { readonly dataDir: string; readonly isDataDirFromSetting: boolean };

export function offerCommandsInTerminals(variables: EnvironmentVariableCollection, options: TerminalOptions): void {
  variables.clear();
  variables.description = l10n.t('Adds the `agor` commands to the PATH');
  variables.prepend('PATH', join(options.dataDir, 'bin') + delimiter);
  // A command in a terminal cannot read VS Code's settings.
  if (options.isDataDirFromSetting) variables.replace('AGOR_DATA_DIR', options.dataDir);
}
