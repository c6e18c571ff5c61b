/** Commands about the backend itself. */
import { commands, l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { healthFacts } from '../attention/health-model.ts';
import type { CommandFunction, CommandHost } from '../command-host.ts';
import type { CommandId } from '../command-ids.ts';
import { projectsViewId } from '../fleet/projects-tree.ts';
import { pickText } from '../text/visible-text.ts';

type HealthItem = QuickPickItem & { readonly command?: CommandId };

/** Facts first, then what can be done; choosing a fact does nothing. */
export async function showHealth(host: CommandHost): Promise<void> {
  host.backend.start();
  const { backend, fleet } = host;
  const facts = healthFacts({ connection: backend.connection, fleet: fleet.state, nowMs: Date.now() }, l10n.t);
  const items: HealthItem[] = facts.map(({ icon, label, value }) => ({ label: `$(${icon}) ${label}`, description: pickText(value) }));
  const separator: HealthItem = { label: l10n.t('Actions'), kind: QuickPickItemKind.Separator };
  const picked = await window.showQuickPick([...items, separator, ...actions(host)], {
    title: l10n.t('Agor: Health'),
    placeHolder: l10n.t('Facts, and what you can do'),
    matchOnDescription: true,
  });
  if (picked?.command) await commands.executeCommand(picked.command);
}

/** Agents go on while it is away; other windows attach again by themselves. */
export async function restartBackend(host: CommandHost): Promise<void> {
  await window.withProgress({ location: { viewId: projectsViewId } }, () => host.backend.restart());
}

export const showLog: CommandFunction = ({ log }) => log.show(true);

function actions(host: CommandHost): HealthItem[] {
  const restartAndLog: HealthItem[] = [
    { label: `$(output) ${l10n.t('Show Log')}`, command: 'agor.showLog' },
    { label: `$(history) ${l10n.t('Open Audit Log')}`, command: 'agor.openAuditLog' },
    { label: `$(debug-restart) ${l10n.t('Restart Backend')}`, command: 'agor.restartBackend' },
  ];
  if (host.fleet.state.approvals.length === 0) return restartAndLog;
  return [{ label: `$(bell-dot) ${l10n.t('Answer Approvals')}`, command: 'agor.answerApproval' }, ...restartAndLog];
}
