/** Commands about the worktrees of agents. */
import { commands, l10n, ProgressLocation, type QuickPickItem, QuickPickItemKind, Uri, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { DependencyMode, WorktreeReport, WorktreeState } from '../../server/protocol/worktree.ts';
import { type CommandHost, idOf } from '../command-host.ts';
import { liveStates } from '../fleet/tree-model.ts';
import { chooseAgent } from '../picks/picks.ts';
import { pickText } from '../text/visible-text.ts';
import { showWorktreeChanges } from './worktree-changes.ts';
import { isBundled, worktreeRow } from './worktree-wording.ts';

type Act = (host: CommandHost, report: WorktreeReport) => Promise<unknown>;

/** With an agent, what can be done with its worktree; one that has none can be given one. */
export async function showWorktrees(host: CommandHost, argument: unknown): Promise<void> {
  const agent = idOf(argument, 'agent');
  const reports = await loadReports(host, { removed: true });
  const own = reports.find(({ worktree, state }) => worktree.agentId === agent && state !== 'removed');
  if (own) return offerActions(host, own);
  const shown = agent === undefined ? reports : reports.filter(({ worktree }) => worktree.agentId === agent);
  const create = {
    label: l10n.t('$(add) Create Worktree…'),
    detail: l10n.t('A folder and a branch of its own for an agent, beside the project'),
  };
  const separator = { label: '', kind: QuickPickItemKind.Separator };
  const placeHolder = shown.length === 0 ? l10n.t('There is no worktree yet') : l10n.t('Worktrees of agents');
  const items: (QuickPickItem & { report?: WorktreeReport })[] = [...shown.map((report) => itemOf(host, report)), separator, create];
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true });
  if (picked?.report) return offerActions(host, picked.report);
  if (picked) return createWorktree(host, argument);
}

export async function createWorktree(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Which agent gets a worktree?') });
  if (!agent) return;
  const title = l10n.t('Worktree of {0}', agent.name);
  const from = await askBeginning(title);
  if (from === undefined) return;
  const dependencies = await askDependencies(title);
  if (!dependencies) return;
  const params = { agent: agent.id, dependencies, ...(from === '' ? {} : { from }) };
  const made = await withProgress(l10n.t('Making a worktree for {0}', agent.name), () => host.backend.call('worktree/create', params));
  await tellMade(host, agent, made.branch);
}

export const diffWorktree = (host: CommandHost, argument: unknown) =>
  act(host, argument, { placeHolder: l10n.t('Show the changes of which worktree?'), run: showChanges });

export const mergeWorktree = (host: CommandHost, argument: unknown) =>
  act(host, argument, { placeHolder: l10n.t('Merge which worktree?'), run: merge });

export const removeWorktree = (host: CommandHost, argument: unknown) =>
  act(host, argument, { placeHolder: l10n.t('Remove which worktree?'), run: remove });

export const restoreWorktree = (host: CommandHost, argument: unknown) =>
  act(host, argument, { placeHolder: l10n.t('Restore which worktree?'), run: restore, isRemoved: true });

type Choice = { readonly placeHolder: string; readonly run: Act; readonly isRemoved?: boolean };

async function act(host: CommandHost, argument: unknown, { placeHolder, run, isRemoved = false }: Choice): Promise<void> {
  const agent = idOf(argument, 'agent');
  const all = await loadReports(host, { removed: isRemoved });
  const reports = all.filter(
    ({ worktree, state }) =>
      (state === 'removed') === isRemoved && isBundled(worktree) && (agent === undefined || worktree.agentId === agent),
  );
  if (reports.length === 0) throw new AgorError('notFound', nothing(isRemoved));
  const items = reports.map((report) => itemOf(host, report));
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true });
  if (picked) await run(host, picked.report);
}

function nothing(isRemoved: boolean): string {
  if (isRemoved) return l10n.t('No worktree was removed that could be restored.');
  return l10n.t('There is no worktree yet. Make one with "Agor: Create Worktree".');
}

type Action = QuickPickItem & { readonly run: Act; readonly fits: (state: WorktreeState) => boolean };

async function offerActions(host: CommandHost, report: WorktreeReport): Promise<void> {
  const { label, description, proof } = worktreeRow(report, nameOf(host, report), l10n.t);
  const isThere = (state: WorktreeState) => state !== 'removed' && state !== 'gone' && state !== 'unreadable';
  const actions: Action[] = [
    { label: l10n.t('$(diff-multiple) Show Changes'), run: showChanges, fits: isThere },
    {
      label: l10n.t('$(git-merge) Merge'),
      description: report.worktree.base === null ? l10n.t('it came from no branch') : l10n.t('into {0}', pickText(report.worktree.base)),
      run: merge,
      fits: isThere,
    },
    { label: l10n.t('$(folder-opened) Open in New Window'), description: pickText(report.worktree.path), run: openFolder, fits: isThere },
    {
      label: l10n.t('$(archive) Remove…'),
      description: l10n.t('everything in it is kept in a bundle'),
      run: remove,
      fits: (state) => state !== 'removed',
    },
    {
      label: l10n.t('$(history) Restore'),
      description: l10n.t('as it was, byte for byte'),
      run: restore,
      fits: (state) => state === 'removed' && isBundled(report.worktree),
    },
  ];
  const title = `${label.replace(/^\$\([\w-]+\) /, '')} · ${description}`;
  const fitting = actions.filter(({ fits }) => fits(report.state));
  const picked = await window.showQuickPick(fitting, { title, placeHolder: proof });
  if (picked) await picked.run(host, report);
}

function showChanges(host: CommandHost, report: WorktreeReport): Promise<void> {
  return showWorktreeChanges(host, report.worktree, nameOf(host, report));
}

async function merge(host: CommandHost, { worktree }: WorktreeReport): Promise<void> {
  const { base } = await withProgress(l10n.t('Merging {0}', worktree.branch), () =>
    host.backend.call('worktree/merge', { worktree: worktree.id }),
  );
  void window.showInformationMessage(l10n.t('{0} was merged into {1}.', worktree.branch, base));
}

async function openFolder(_: CommandHost, { worktree }: WorktreeReport): Promise<void> {
  await commands.executeCommand('vscode.openFolder', Uri.file(worktree.path), { forceNewWindow: true });
}

async function remove(host: CommandHost, report: WorktreeReport): Promise<void> {
  const { worktree } = report;
  const name = nameOf(host, report);
  const yes = l10n.t('Remove Worktree');
  const { proof } = worktreeRow(report, name, l10n.t);
  const kept = l10n.t('Commits, changes, untracked and ignored files are first kept in a bundle, from which the worktree can be restored.');
  const options = { modal: true, detail: `${proof}\n${worktree.path}\n\n${kept}` };
  if ((await window.showWarningMessage(l10n.t('Remove the worktree of {0}?', name), options, yes)) !== yes) return;
  const removed = await withProgress(l10n.t('Keeping the worktree of {0} in a bundle', name), () =>
    host.backend.call('worktree/remove', { worktree: worktree.id }),
  );
  const back = l10n.t('Restore');
  const choices = isBundled(removed) ? [back] : [];
  if ((await window.showInformationMessage(l10n.t('The worktree of {0} was removed.', name), ...choices)) === back)
    await restore(host, report);
}

async function restore(host: CommandHost, report: WorktreeReport): Promise<void> {
  const name = nameOf(host, report);
  await withProgress(l10n.t('Restoring the worktree of {0}', name), () =>
    host.backend.call('worktree/restore', { worktree: report.worktree.id }),
  );
  void window.showInformationMessage(l10n.t('The worktree of {0} is back as it was.', name));
}

async function tellMade(host: CommandHost, agent: Agent, branch: string): Promise<void> {
  if (!liveStates.includes(agent.state)) {
    void window.showInformationMessage(l10n.t('{0} works on the branch {1} from its next start on.', agent.name, branch));
    return;
  }
  const restart = l10n.t('Restart Agent');
  const told = l10n.t('{0} works on the branch {1} once it is started again.', agent.name, branch);
  if ((await window.showInformationMessage(told, restart)) === restart) await host.backend.call('agent/restart', { agent: agent.id });
}

/** Empty: where the project's folder is. Undefined: the person gave up. */
async function askBeginning(title: string): Promise<string | undefined> {
  const here = {
    label: l10n.t('Where the project is'),
    detail: l10n.t('The branch or commit that is checked out in its folder'),
    isOther: false,
  };
  const other = { label: l10n.t('Another branch, tag or commit…'), detail: l10n.t('Type its name'), isOther: true };
  const picked = await window.showQuickPick([here, other], { title, placeHolder: l10n.t('Where does its branch begin?') });
  if (!picked?.isOther) return picked && '';
  const typed = await window.showInputBox({ title, prompt: l10n.t('Branch, tag or commit'), placeHolder: 'main', ignoreFocusOut: true });
  return typed?.trim() || undefined;
}

async function askDependencies(title: string): Promise<DependencyMode | undefined> {
  const none = { label: l10n.t('Without'), detail: l10n.t('The agent installs what it needs'), mode: 'none' as const };
  const linked = {
    label: l10n.t('Linked'),
    detail: l10n.t('node_modules and the like are links to those of the project, only to be read'),
    mode: 'linked' as const,
  };
  return (await window.showQuickPick([none, linked], { title, placeHolder: l10n.t('With installed dependencies?') }))?.mode;
}

async function loadReports(host: CommandHost, wish: { readonly removed: boolean }): Promise<WorktreeReport[]> {
  await host.fleet.whenLoaded();
  const title = l10n.t('Looking at the worktrees');
  return window.withProgress(
    { location: ProgressLocation.Window, title },
    async () => (await host.backend.call('worktree/list', wish)).worktrees,
  );
}

function withProgress<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return window.withProgress({ location: ProgressLocation.Notification, title }, work);
}

function itemOf(host: CommandHost, report: WorktreeReport): QuickPickItem & { readonly report: WorktreeReport } {
  return { ...worktreeRow(report, nameOf(host, report), l10n.t), report };
}

function nameOf({ fleet }: CommandHost, { worktree }: WorktreeReport): string {
  return fleet.agent(worktree.agentId)?.name ?? '';
}
