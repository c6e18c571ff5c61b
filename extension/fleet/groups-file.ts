/** Opens `groups.json`, which declares who works together; the person's first wish for it makes one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { CommandHost } from '../command-host.ts';
import { groupsTemplate } from './groups-template.ts';

export async function openGroupsFile(host: CommandHost): Promise<void> {
  const { path } = await host.backend.call('group/show', {});
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '~/projects/shop';
  makeFile(path, groupsTemplate(folder, l10n.t));
  await window.showTextDocument(await workspace.openTextDocument(Uri.file(path)));
}

/** One that is there already stays as it is. */
function makeFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code !== 'EEXIST') throw new AgorError('storage', l10n.t('{0} could not be made ({1}). Check its folder.', path, code), { cause });
  }
}
