/** The search in the middle of the window: a quick pick that shows what the course of a search has found. */
import { isDeepStrictEqual } from 'node:util';
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
import type { SearchHit } from '../../server/protocol/search.ts';
import { type SearchAll, SearchCourse } from './search-course.ts';
import { chosenRow, type SearchRow, searchRows } from './search-rows.ts';

export type SearchPickDeps = {
  readonly searchAll: SearchAll;
  /** `behind`: the search stays in front and keeps the keyboard. */
  readonly open: (hit: SearchHit, how: 'inFront' | 'behind') => Promise<void>;
  /** Calls when the index has caught up with what is there. */
  readonly onCaughtUp: (call: () => void) => Disposable;
  readonly onFailure: (error: unknown) => void;
};

type PickRow = QuickPickItem & { readonly row: SearchRow };
type Open = {
  readonly pick: QuickPick<PickRow>;
  readonly course: SearchCourse;
  readonly caughtUp: Disposable;
  rows: readonly SearchRow[];
  /** What was last put forward, by us or by the person: VS Code tells of no active row for a moment while it draws anew. */
  chosen: SearchRow | undefined;
};

export class SearchPick {
  readonly #deps: SearchPickDeps;
  readonly #changed = new EventEmitter<void>();
  readonly #behind: QuickInputButton = {
    iconPath: new ThemeIcon('open-preview'),
    tooltip: l10n.t('Show It Behind the Search (Right Arrow)'),
  };
  #open: Open | undefined;

  constructor(deps: SearchPickDeps) {
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
  get rows(): readonly SearchRow[] {
    return this.#open?.rows ?? [];
  }

  show(query: string): void {
    this.#open?.pick.hide();
    const pick = window.createQuickPick<PickRow>();
    const course = new SearchCourse({ searchAll: this.#deps.searchAll, onChange: () => this.#draw() });
    const caughtUp = this.#deps.onCaughtUp(() => course.indexCaughtUp());
    this.#open = { pick, course, caughtUp, rows: [], chosen: undefined };
    this.#equip(pick);
    pick.onDidChangeValue((value) => course.type(value));
    pick.onDidChangeActive(([item]) => this.#choose(item?.row));
    pick.onDidAccept(() => this.#accept(this.#open?.chosen));
    pick.onDidTriggerItemButton(({ item }) => this.#showBehind(item.row));
    pick.onDidHide(() => this.#close(pick));
    if (query !== '') pick.value = query;
    course.type(query);
    pick.show();
    this.#changed.fire();
  }

  /** Shows the chosen hit and leaves the search where it is. */
  showBehind(): void {
    this.#showBehind(this.#open?.chosen);
  }

  #equip(pick: QuickPick<PickRow>): void {
    pick.title = l10n.t('Search Everything');
    pick.placeholder = l10n.t('Words, "phrases", beginnings*, -without, agent: project: type: since:');
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    // Sorted by VS Code, rows lose their groups. Its types do not name the switch, which it and its forks have.
    if ('sortByLabel' in pick) pick.sortByLabel = false;
  }

  #draw(): void {
    const open = this.#open;
    if (!open) return;
    const rows = searchRows(open.course.state, Date.now(), l10n.t);
    const chosen = chosenRow(open.rows, hitIdOf(open.chosen), rows);
    open.pick.busy = open.course.isBusy;
    // The best hits often are the newest: what looks the same is not drawn anew under the fingers.
    if (isDeepStrictEqual(rows, open.rows)) return;
    const items = rows.map((row) => this.#item(row));
    open.rows = rows;
    open.chosen = chosen;
    open.pick.items = items;
    open.pick.activeItems = items.filter(({ row }) => row === chosen);
  }

  /** Of a row that is no longer shown VS Code may still tell after the list was exchanged. */
  #choose(row: SearchRow | undefined): void {
    if (this.#open && row && this.#open.rows.includes(row)) this.#open.chosen = row;
  }

  #item(row: SearchRow): PickRow {
    if (row.kind === 'separator') return { row, label: row.label, kind: QuickPickItemKind.Separator };
    // The backend decides what fits: VS Code's own filter must not hide it.
    const item = { row, label: row.label, alwaysShow: true };
    if (row.kind === 'hit') return { ...item, description: row.description, detail: row.detail, buttons: [this.#behind] };
    if (row.kind === 'example') return { ...item, description: row.description };
    return row.kind === 'note' && row.detail !== '' ? { ...item, detail: row.detail } : item;
  }

  #accept(row: SearchRow | undefined): void {
    const open = this.#open;
    if (!open) return;
    // Who presses Enter while still typing wants to see what is found, and not to open what was found before.
    if (open.course.isBusy && !open.course.isUpToDate) return open.course.askNow();
    if (!row) return;
    if (row.kind === 'hit') return this.#openInFront(open, row.hit);
    if (row.kind === 'more') return open.course.showGroup(row.group);
    if (row.kind === 'example') {
      open.pick.value = row.query;
      return open.course.type(row.query);
    }
    if (row.kind === 'way' && row.to === 'tryAgain') return open.course.askNow();
    if (row.kind !== 'way') return;
    open.pick.hide();
    void commands.executeCommand(row.to);
  }

  #openInFront({ pick }: Open, hit: SearchHit): void {
    pick.hide();
    this.#deps.open(hit, 'inFront').catch(this.#deps.onFailure);
  }

  #showBehind(row: SearchRow | undefined): void {
    if (row?.kind === 'hit') this.#deps.open(row.hit, 'behind').catch(this.#deps.onFailure);
  }

  #close(pick: QuickPick<PickRow>): void {
    pick.dispose();
    if (this.#open?.pick !== pick) return;
    this.#open.course.dispose();
    this.#open.caughtUp.dispose();
    this.#open = undefined;
    this.#changed.fire();
  }
}

function hitIdOf(row: SearchRow | undefined): string | undefined {
  return row?.kind === 'hit' ? row.hit.id : undefined;
}
