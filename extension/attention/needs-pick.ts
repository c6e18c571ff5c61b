/** "What Needs You": a quick pick that follows the fleet while it is open. */
import {
  commands,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Teamwork } from '../fleet/teamwork.ts';
import { type NeedAction, needEntries } from './needs.ts';
import { chosenNeed, type NeedRow, needRows } from './needs-rows.ts';

export type NeedsPickDeps = { readonly backend: Backend; readonly fleet: Fleet; readonly teamwork: Teamwork };

type Item = QuickPickItem & { readonly row: NeedRow };
type Open = { readonly pick: QuickPick<Item>; readonly following: Disposable[]; rows: readonly NeedRow[] };

export class NeedsPick {
  readonly #deps: NeedsPickDeps;
  readonly #changed = new EventEmitter<void>();
  #open: Open | undefined;

  constructor(deps: NeedsPickDeps) {
    this.#deps = deps;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** It was opened or closed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** What is shown now, for tests. */
  get rows(): readonly NeedRow[] {
    return this.#open?.rows ?? [];
  }

  /** The button of an item is only for the mouse, so the right arrow shows the same actions as a list. */
  show(): void {
    this.#open?.pick.hide();
    const { backend, fleet, teamwork } = this.#deps;
    const pick = window.createQuickPick<Item>();
    pick.title = l10n.t('What Needs You');
    pick.placeholder = l10n.t('Enter does what the row says, the right arrow shows what else can be done');
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    const draw = () => this.#draw();
    this.#open = { pick, rows: [], following: [backend.onDidChangeConnection(draw), fleet.onDidChange(draw), teamwork.onDidChange(draw)] };
    pick.onDidAccept(() => this.#accept(pick.activeItems[0]?.row));
    pick.onDidTriggerItemButton(({ item: { row, buttons = [] }, button }) => {
      const action = row.kind === 'need' ? row.actions[buttons.indexOf(button)] : undefined;
      if (action) this.#run(action);
    });
    pick.onDidHide(() => this.#close(pick));
    this.#draw();
    pick.show();
    this.#changed.fire();
  }

  /** As a list of their own, for the row that is chosen. */
  async showActions(): Promise<void> {
    const row = this.#open?.pick.activeItems[0]?.row;
    if (row?.kind !== 'need') return;
    const items = row.actions.map((action) => ({ action, label: `$(${action.icon}) ${action.title}` }));
    const picked = await window.showQuickPick(items, { title: row.name, placeHolder: l10n.t('What do you want to do?') });
    if (picked) return this.#run(picked.action);
    this.show();
  }

  #draw(): void {
    const open = this.#open;
    if (!open) return;
    const { backend, fleet, teamwork } = this.#deps;
    const known = { fleet: fleet.state, teamwork: teamwork.state };
    const rows = needRows({ ...known, connection: backend.connection, entries: needEntries(known, l10n.t) }, l10n.t);
    if (JSON.stringify(rows) === JSON.stringify(open.rows)) return;
    const chosen = chosenNeed(open.rows, keyOf(open.pick.activeItems[0]?.row), rows);
    const items = rows.map(itemOf);
    open.rows = rows;
    open.pick.items = items;
    if (chosen) open.pick.activeItems = items.filter(({ row }) => row === chosen);
  }

  #accept(row: NeedRow | undefined): void {
    if (row?.kind === 'need') this.#run(row.actions[0]);
    if (row?.kind === 'way') this.#run(row.action);
  }

  #run({ command, argument }: NeedAction): void {
    this.#open?.pick.hide();
    void commands.executeCommand(command, argument);
  }

  #close(pick: QuickPick<Item>): void {
    pick.dispose();
    if (this.#open?.pick !== pick) return;
    for (const part of this.#open.following) part.dispose();
    this.#open = undefined;
    this.#changed.fire();
  }
}

function keyOf(row: NeedRow | undefined): string | undefined {
  return row?.kind === 'need' ? row.key : undefined;
}

function itemOf(row: NeedRow): Item {
  if (row.kind === 'separator') return { row, label: row.label, kind: QuickPickItemKind.Separator };
  if (row.kind === 'need')
    return { row, label: row.label, description: row.description, detail: row.detail, buttons: row.actions.map(buttonOf) };
  // A sentence and a way out are there whatever is typed.
  return { row, label: row.label, alwaysShow: true, ...(row.kind === 'note' && row.detail !== '' ? { detail: row.detail } : {}) };
}

function buttonOf({ icon, title }: NeedAction): QuickInputButton {
  return { iconPath: new ThemeIcon(icon), tooltip: title };
}
