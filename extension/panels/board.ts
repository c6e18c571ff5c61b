/** The one board panel of this window, restored after a reload. */
import { type Disposable, type LogOutputChannel, l10n, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { boardTexts } from '../../server/protocol/board-texts.ts';
import type { Notification } from '../../server/protocol/notifications.ts';
import type { Method } from '../../server/protocol/requests.ts';
import { webviewProtocolVersion } from '../../server/protocol/webview.ts';
import type { Backend } from '../backend.ts';
import { asSeenByPage } from '../connection.ts';
import type { PageRequest } from './page-request.ts';
import { Panel } from './panel.ts';

const boardViewType = 'agor.board';

/** What the board may ask of the backend; nothing else passes. */
const boardMethods: readonly Method[] = [
  'team/list',
  'agent/list',
  'task/list',
  'task/add',
  'task/edit',
  'task/assign',
  'task/move',
  'task/comment',
  'task/show',
  'task/remove',
  'screening/release',
  'screening/discard',
];
/** What it is told. */
const boardNews = ['task/changed', 'task/removed', 'team/changed', 'agent/removed'] as const satisfies readonly Notification[];

export type BoardPanelDeps = {
  readonly backend: Backend;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly iconPath: { readonly light: Uri; readonly dark: Uri };
};

export class BoardPanel {
  readonly #deps: BoardPanelDeps;
  #open: { readonly webviewPanel: WebviewPanel; readonly panel: Panel } | undefined;

  constructor(deps: BoardPanelDeps) {
    this.#deps = deps;
  }

  get isVisible(): boolean {
    return this.#open?.webviewPanel.visible ?? false;
  }

  register(): Disposable[] {
    const { backend } = this.#deps;
    return [
      window.registerWebviewPanelSerializer(boardViewType, {
        deserializeWebviewPanel: async (webviewPanel) => void this.#adopt(webviewPanel),
      }),
      backend.onDidChangeConnection(({ phase }) => this.#open?.panel.post({ type: 'connection', state: asSeenByPage(phase) })),
      ...boardNews.map((method) => backend.on(method, (params) => this.#open?.panel.post({ type: 'notification', method, params }))),
    ];
  }

  show(how: 'inFront' | 'behind' = 'inFront'): Panel {
    const preserveFocus = how === 'behind';
    this.#open?.webviewPanel.reveal(undefined, preserveFocus);
    if (this.#open) return this.#open.panel;
    const column = { viewColumn: ViewColumn.Active, preserveFocus };
    return this.#adopt(window.createWebviewPanel(boardViewType, '', column, { enableFindWidget: true }));
  }

  /** The board of its team, with the details of the task open; `behind`: what has the keyboard keeps it. */
  showTask({ teamId, taskId }: { readonly teamId: string; readonly taskId: string }, how: 'inFront' | 'behind' = 'inFront'): void {
    this.show(how).post({ type: 'showTask', teamId, taskId, takesKeyboard: how === 'inFront' });
  }

  #adopt(webviewPanel: WebviewPanel): Panel {
    const { backend, log, extensionUri, iconPath } = this.#deps;
    const panel = new Panel(
      {
        ...{ webviewPanel, extensionUri, log },
        init: () => ({
          ...{ type: 'init', version: webviewProtocolVersion, agentId: null, sessionId: null },
          connection: asSeenByPage(backend.connection.phase),
          texts: Object.fromEntries(Object.entries(boardTexts).map(([key, text]) => [key, l10n.t(text)])),
        }),
        request: (request) => this.#request(request),
        // It only shows and asks: what a chat page can make VS Code do, a board cannot.
        message: ({ type }) => log.warn(`The board may not ask for "${type}".`),
        hidden: () => undefined,
      },
      { page: 'board', methods: boardMethods },
    );
    this.#open?.webviewPanel.dispose();
    const open = { webviewPanel, panel };
    this.#open = open;
    webviewPanel.title = l10n.t('Board');
    webviewPanel.iconPath = iconPath;
    webviewPanel.onDidDispose(() => {
      panel.close();
      if (this.#open === open) this.#open = undefined;
    });
    backend.start();
    panel.open();
    return panel;
  }

  #request({ method, params }: PageRequest): Promise<unknown> {
    // The parameters were checked against this very method's schema, which the two separate values no longer show.
    return this.#deps.backend.call(method, params as never);
  }
}
