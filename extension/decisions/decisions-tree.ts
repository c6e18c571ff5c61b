/** The view "Decisions": every open question of every agent, oldest first, with their number as its badge. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from 'vscode';
import type { Backend } from '../backend/backend.ts';
import { rowTooltip } from '../drawing/tooltip.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decisionRow, inOrder, keyOf, type ShownQuestion } from './decision-words.ts';
import { QuestionGrace } from './question-grace.ts';

export const decisionsViewId = 'agor.decisions';

/** Also what a command gets when it is run from the view: it is bound to what was shown there. */
export type DecisionNode = ShownQuestion & { readonly kind: 'decision' };

const ageTickMs = 30_000;

export class DecisionsTree implements TreeDataProvider<DecisionNode> {
  readonly #backend: Backend;
  readonly #fleet: Fleet;
  readonly #changed = new EventEmitter<undefined>();
  readonly #grace = new QuestionGrace(() => performance.now());
  #drawn = '[]';

  constructor(backend: Backend, fleet: Fleet) {
    this.#backend = backend;
    this.#fleet = fleet;
  }

  get onDidChangeTreeData(): Event<undefined> {
    return this.#changed.event;
  }

  /** Makes the view; looking at it is a reason to start the backend. */
  register(): Disposable[] {
    const view = window.createTreeView(decisionsViewId, { treeDataProvider: this });
    const ages = setInterval(() => view.visible && this.#changed.fire(undefined), ageTickMs);
    return [
      view,
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#backend.start();
        else this.#grace.hidden();
      }),
      this.#fleet.onDidChange(() => this.#draw(view)),
      { dispose: () => clearInterval(ages) },
    ];
  }

  /** What is in the list and has only just come into its place takes no answer; what is not in it was asked about elsewhere. */
  isTooSoon(shown: ShownQuestion): boolean {
    return this.#grace.isShown(keyOf(shown)) && this.#grace.isTooSoon(keyOf(shown));
  }

  /** What agents do is told all the time: VS Code asks for all rows each time that it is told of one. */
  #draw(view: TreeView<DecisionNode>): void {
    const { state } = this.#fleet;
    // Without the age, which the clock moves on.
    const rows = state.approvals.map((approval) => [keyOf(approval), decisionRow(approval, state, approval.askedAt, l10n.t)]);
    const drawn = JSON.stringify(rows);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#changed.fire(undefined);
    const { length: count } = rows;
    const tooltip = count === 1 ? l10n.t('1 question waits for your answer') : l10n.t('{0} questions wait for your answer', count);
    view.badge = count > 0 ? { value: count, tooltip } : undefined;
  }

  getChildren(node?: DecisionNode): DecisionNode[] {
    if (node) return [];
    const open = inOrder(this.#fleet.state.approvals);
    this.#grace.drawn(open.map(keyOf));
    return open.map(({ id, hash }) => ({ kind: 'decision', id, hash }));
  }

  getTreeItem(node: DecisionNode): TreeItem {
    const { state } = this.#fleet;
    const approval = this.#fleet.approval(node.id);
    // Without one it was settled a moment ago, and the tree is about to be asked again.
    if (!approval) return new TreeItem('');
    const row = decisionRow(approval, state, Date.now(), l10n.t);
    const item = new TreeItem(row.label, TreeItemCollapsibleState.None);
    item.id = keyOf(node);
    item.description = row.description;
    item.iconPath = new ThemeIcon(row.icon);
    item.contextValue = row.context;
    item.tooltip = rowTooltip(row.label, '', row.facts);
    item.accessibilityInformation = { label: row.spoken };
    item.command = { command: 'agor.showDecision', title: l10n.t('Show Question'), arguments: [node] };
    return item;
  }
}
