/** The board panel. */
import { type Disposable, l10n } from 'vscode';
import { boardTexts } from '../../server/protocol/board-texts.ts';
import { each } from './page-news.ts';
import type { Panel } from './panel.ts';
import { type Shown, SinglePanel, type SinglePanelDeps } from './single-panel.ts';

export class BoardPanel {
  readonly #panel: SinglePanel;

  constructor(deps: SinglePanelDeps) {
    this.#panel = new SinglePanel(deps, {
      name: 'board',
      title: () => l10n.t('Board'),
      texts: boardTexts,
      methods: [
        ...(['team/list', 'agent/list', 'task/list', 'task/add', 'task/edit', 'task/assign', 'task/move'] as const),
        ...(['task/comment', 'task/show', 'task/remove', 'screening/release', 'screening/discard'] as const),
      ],
      news: ['task/changed', 'task/removed', 'team/changed', 'agent/removed'],
      hears: each,
      // It only shows and asks: what a chat page can make VS Code do, a board cannot.
      act: ({ type }) => deps.log.warn(`The board may not ask for "${type}".`),
    });
  }

  get isVisible(): boolean {
    return this.#panel.isVisible;
  }

  register(): Disposable[] {
    return this.#panel.register();
  }

  show(how?: Shown): Panel {
    return this.#panel.show(how);
  }

  /** The board of its team, with the details of the task open. */
  showTask({ teamId, taskId }: { readonly teamId: string; readonly taskId: string }, how: Shown = 'inFront'): void {
    this.show(how).post({ type: 'showTask', teamId, taskId, takesKeyboard: how === 'inFront' });
  }
}
