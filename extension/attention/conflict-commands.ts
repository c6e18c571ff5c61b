/** "Conflicting Files": which files of an agent somebody else has written as well, and the word that it was seen to. */
import { l10n, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { FileConflict } from '../../server/protocol/file-conflict.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { conflictRow } from './conflict-model.ts';
import { openWithDiff } from './known-diff.ts';

type Item = QuickPickItem & { readonly path?: string; readonly settlesAll?: true };

/** Stays open while files are settled one by one. */
export async function showConflicts(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Conflicting files of which agent?') });
  if (!agent) return;
  const { conflicts } = await host.backend.call('conflict/list', { agent: agent.id });
  const picker = window.createQuickPick<Item>();
  picker.title = l10n.t('Conflicting Files of {0}', agent.name);
  picker.placeholder = l10n.t('Open a file with its changes; what you have seen to can be settled');
  picker.matchOnDescription = true;
  picker.items = items(host, agent.projectId, conflicts);
  const settle = async (path?: string) => {
    await host.backend.call('conflict/settle', { agent: agent.id, ...(path === undefined ? {} : { path }) });
    const left = (await host.backend.call('conflict/list', { agent: agent.id })).conflicts;
    picker.items = items(host, agent.projectId, left);
  };
  const attempt = (work: Promise<unknown>) => void work.catch((error: unknown) => host.failures.show(error));
  picker.onDidTriggerItemButton(({ item }) => attempt(settle(item.path)));
  picker.onDidAccept(() => {
    const [picked] = picker.selectedItems;
    if (picked?.settlesAll) return attempt(settle());
    if (picked?.path === undefined) return;
    picker.hide();
    attempt(openWithDiff(host, picked.path));
  });
  picker.onDidHide(() => picker.dispose());
  picker.show();
}

function items({ fleet }: CommandHost, projectId: string, conflicts: readonly FileConflict[]): Item[] {
  if (conflicts.length === 0)
    return [{ label: `$(pass) ${l10n.t('Nobody else has written a file of this agent lately.')}`, alwaysShow: true }];
  const folder = fleet.project(projectId)?.path ?? '';
  const nameOf = (id: string) => fleet.agent(id)?.name;
  const files = conflicts.map((conflict): Item => {
    const row = conflictRow(conflict, { folder, nameOf, nowMs: Date.now() }, l10n.t);
    return { ...row, path: conflict.path, buttons: [settleButton()] };
  });
  const separator: Item = { label: l10n.t('Actions'), kind: QuickPickItemKind.Separator };
  return [...files, separator, { label: `$(check-all) ${l10n.t('Settle All')}`, settlesAll: true, alwaysShow: true }];
}

function settleButton(): QuickInputButton {
  return { iconPath: new ThemeIcon('check'), tooltip: l10n.t('Settle') };
}
