/** Commands about projects. */
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseProject } from '../picks/picks.ts';
import { oneLine } from '../text/visible-text.ts';

export async function addProject(host: CommandHost): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      canSelectMany: false,
      openLabel: l10n.t('Add Project'),
      title: l10n.t('Choose the folder of the project'),
      defaultUri: workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir()),
    })) ?? [];
  if (!folder) return;
  const isTrusted = await askWhetherTrusted(basename(folder.fsPath), l10n.t('Add Without Trust'));
  if (isTrusted === undefined) return;
  await host.workspaceProjects.add(folder.fsPath, isTrusted || undefined);
}

export async function addWorkspaceFolder(host: CommandHost): Promise<void> {
  await host.fleet.whenLoaded();
  const missing = host.workspaceProjects.missingFolders();
  const [only] = missing;
  if (!only)
    throw new AgorError('notFound', l10n.t('Every folder of this window is a project already. Add another with "Agor: Add Project".'));
  const path =
    missing.length === 1 ? only : await window.showQuickPick(missing, { placeHolder: l10n.t('Which folder becomes a project?') });
  if (path) await host.workspaceProjects.add(path, workspace.isTrusted || undefined);
}

export async function removeProject(host: CommandHost, argument: unknown): Promise<void> {
  const project = await chooseProject(host, argument, l10n.t('Which project is removed?'));
  if (!project) return;
  const remove = l10n.t('Remove Project');
  const detail = l10n.t('Its agents are stopped and removed. The folder, the conversations and the audit trail stay.');
  const answer = await window.showWarningMessage(l10n.t('Remove the project {0}?', oneLine(project.name)), { modal: true, detail }, remove);
  if (answer === remove) await host.workspaceProjects.remove(project);
}

/** A folder of a window that is in Restricted Mode is trusted through VS Code's own page, which then trusts the project too. */
export async function trustProject(host: CommandHost, argument: unknown): Promise<void> {
  const isFolderOfWindow = (path: string) => host.workspaceProjects.folderPaths().includes(path);
  const project = await chooseProject(host, argument, l10n.t('Which project is trusted?'));
  if (!project || project.trusted) return;
  if (!workspace.isTrusted && isFolderOfWindow(project.path)) return void (await commands.executeCommand('workbench.trust.manage'));
  if (await askWhetherTrusted(project.name)) await host.backend.call('project/trust', { project: project.id, trusted: true });
}

/** `undefined` when the question was dismissed. */
async function askWhetherTrusted(name: string, ...otherwise: string[]): Promise<boolean | undefined> {
  const trust = l10n.t('Trust');
  const detail = l10n.t('Agents run programs in its folder and read what it tells them. Only trust folders whose contents you trust.');
  const answer = await window.showWarningMessage(
    l10n.t('Do you trust the project {0}?', oneLine(name)),
    { modal: true, detail },
    trust,
    ...otherwise,
  );
  return answer === undefined ? undefined : answer === trust;
}
