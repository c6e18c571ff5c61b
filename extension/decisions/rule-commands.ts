/** "Permission Rules": what answers questions without asking, and the way to take it away. */
import {
  type Disposable,
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { Rule } from '../../server/protocol/rule.ts';
import type { CommandHost } from '../command-host.ts';
import { oneLine } from '../text/visible-text.ts';
import { withoutHarm } from './decision-answers.ts';
import { type RuleRow, ruleRows } from './rule-rows.ts';

type Item = QuickPickItem & { readonly row: RuleRow };

const remove: QuickInputButton = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove Rule') };

/** The list follows what happens while it is open. */
export async function showRules(host: CommandHost): Promise<void> {
  await host.fleet.whenLoaded();
  const pick = window.createQuickPick<Item>();
  const fill = async () => fillWith(pick, ruleRows(await rulesOf(host), host.fleet.state, Date.now(), l10n.t));
  const refill = () => void fill().catch((error: unknown) => host.failures.show(error));
  const following: Disposable[] = [
    host.backend.on('rule/changed', refill),
    host.fleet.onDidChange(({ before, after }) => before.projects !== after.projects && refill()),
  ];
  pick.title = l10n.t('Permission Rules');
  pick.placeholder = l10n.t('Enter offers to remove the rule');
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.onDidTriggerItemButton(({ item: { row } }) => row.kind === 'rule' && void removeAndTell(host, row.rule));
  pick.onDidAccept(() => {
    const row = pick.activeItems[0]?.row;
    if (row?.kind === 'rule') void offerRemoval(host, row).catch((error: unknown) => host.failures.show(error));
  });
  pick.onDidHide(() => {
    for (const part of following) part.dispose();
    pick.dispose();
  });
  await fill();
  pick.show();
}

async function rulesOf({ backend }: CommandHost): Promise<readonly Rule[]> {
  return (await backend.call('rule/list', {})).rules;
}

/** The row that was chosen stays so while others come and go. */
function fillWith(pick: QuickPick<Item>, rows: readonly RuleRow[]): void {
  const chosen = idOf(pick.activeItems[0]?.row);
  const items = rows.map(itemOf);
  pick.items = items;
  const same = items.filter(({ row }) => chosen !== undefined && idOf(row) === chosen);
  if (same.length > 0) pick.activeItems = same;
}

/** The button is only for the mouse. Afterwards the list comes back. */
async function offerRemoval(host: CommandHost, { rule, label }: RuleRow & { kind: 'rule' }): Promise<void> {
  const items = [
    { label: `$(arrow-left) ${l10n.t('Keep Rule')}`, isRemoved: false },
    { label: `$(trash) ${l10n.t('Remove Rule')}`, detail: l10n.t('Such questions are asked again from now on.'), isRemoved: true },
  ];
  const picked = await window.showQuickPick(items, { title: label.replace(/^\$\([\w-]+\) /, '') });
  if (picked?.isRemoved) await removeAndTell(host, rule);
  await showRules(host);
}

async function removeAndTell({ backend, failures }: CommandHost, { id }: Rule): Promise<void> {
  try {
    const refusal = await withoutHarm(() => backend.call('rule/remove', { rule: id }));
    if (refusal) void window.setStatusBarMessage(oneLine(refusal), toldForMs);
  } catch (error) {
    void failures.show(error);
  }
}

const toldForMs = 5_000;

function idOf(row: RuleRow | undefined): string | undefined {
  return row?.kind === 'rule' ? row.rule.id : undefined;
}

function itemOf(row: RuleRow): Item {
  if (row.kind === 'separator') return { row, label: row.label, kind: QuickPickItemKind.Separator };
  if (row.kind === 'note') return { row, label: row.label, detail: row.detail, alwaysShow: true };
  return { row, label: row.label, detail: row.detail, buttons: [remove] };
}
