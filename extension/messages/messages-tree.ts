/** The view "Messages": what agents wrote to the person, what is held, and what did not arrive, with their number as its badge. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { Backend } from '../backend/backend.ts';
import { textTooltip } from '../drawing/tooltip.ts';
import type { Teamwork } from '../fleet/teamwork.ts';
import { countWaiting, type MessageNode, messageGroups, messageRow, messagesOf } from './messages-model.ts';

export const messagesViewId = 'agor.messages';

export class MessagesTree implements TreeDataProvider<MessageNode> {
  readonly #backend: Backend;
  readonly #teamwork: Teamwork;
  readonly #changed = new EventEmitter<undefined>();

  constructor(backend: Backend, teamwork: Teamwork) {
    this.#backend = backend;
    this.#teamwork = teamwork;
  }

  get onDidChangeTreeData(): Event<undefined> {
    return this.#changed.event;
  }

  /** Makes the view; looking at it is a reason to start the backend. */
  register(): Disposable[] {
    const view = window.createTreeView(messagesViewId, { treeDataProvider: this });
    const badge = () => {
      const count = countWaiting(this.#teamwork.state);
      const tooltip = count === 1 ? l10n.t('1 message waits for you') : l10n.t('{0} messages wait for you', count);
      view.badge = count > 0 ? { value: count, tooltip } : undefined;
    };
    return [
      view,
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#backend.start();
      }),
      this.#teamwork.onDidChange(({ before, after }) => {
        // How teams are is told all the time, and is not in this view.
        if (before.forPerson === after.forPerson && before.held === after.held && before.deadLetters === after.deadLetters) return;
        this.#changed.fire(undefined);
        badge();
      }),
    ];
  }

  getChildren(node?: MessageNode): MessageNode[] {
    return node ? messagesOf(this.#teamwork.state, node) : messageGroups(this.#teamwork.state);
  }

  getTreeItem(node: MessageNode): TreeItem {
    const row = messageRow(this.#teamwork.state, node, Date.now(), l10n.t);
    const isGroup = node.kind === 'messageGroup';
    const item = new TreeItem(row?.label ?? '', isGroup ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None);
    // Without a row it was settled a moment ago, and the tree is about to be asked again.
    if (!row) return item;
    item.id = `${node.kind}/${node.id}`;
    item.description = row.description;
    item.iconPath = new ThemeIcon(row.icon, row.iconColor ? new ThemeColor(row.iconColor) : undefined);
    item.contextValue = row.context;
    // Agents wrote it: nothing in it becomes a link or an image.
    item.tooltip = textTooltip(row.tooltip);
    item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
    if (!isGroup) item.command = { command: 'agor.openComms', title: l10n.t('Open Messages'), arguments: [node] };
    return item;
  }
}
