/** A page that a window has once: opened, shown again, restored after a reload, and told of what the backend tells. */
import { type Disposable, type LogOutputChannel, l10n, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Notification } from '../../server/protocol/notifications.ts';
import type { Method } from '../../server/protocol/requests.ts';
import { webviewProtocolVersion } from '../../server/protocol/webview.ts';
import type { Backend } from '../backend/backend.ts';
import { asSeenByPage } from '../backend/connection.ts';
import { inOwnPlace } from './kept-view.ts';
import { type NewsFilter, newsOf } from './page-news.ts';
import type { PageRequest } from './page-request.ts';
import { type PageMessage, Panel } from './panel.ts';

export type SinglePanelDeps = {
  readonly backend: Backend;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly iconPath: { readonly light: Uri; readonly dark: Uri };
};

export type SinglePage = {
  /** Of the bundle in `dist/webviews`; with `agor.` before it, of the kind of panel. */
  readonly name: 'audit' | 'board' | 'metrics';
  readonly title: () => string;
  /** In English, by key. */
  readonly texts: Readonly<Record<string, string>>;
  /** What it may ask of the backend; nothing else passes. */
  readonly methods: readonly Method[];
  /** What it is told. */
  readonly news: readonly Notification[];
  readonly hears: NewsFilter;
  /** What it may make VS Code do. */
  readonly act: (message: PageMessage) => void;
};

/** `behind`: what has the keyboard keeps it. */
export type Shown = 'inFront' | 'behind';

export class SinglePanel {
  readonly #deps: SinglePanelDeps;
  readonly #page: SinglePage;
  readonly #viewType: string;
  #open: { readonly webviewPanel: WebviewPanel; readonly panel: Panel } | undefined;

  constructor(deps: SinglePanelDeps, page: SinglePage) {
    this.#deps = deps;
    this.#page = page;
    this.#viewType = `agor.${page.name}`;
  }

  get isVisible(): boolean {
    return this.#open?.webviewPanel.visible ?? false;
  }

  register(): Disposable[] {
    const { backend } = this.#deps;
    const heard = this.#page.hears((news) => this.#open?.panel.post(news));
    return [
      window.registerWebviewPanelSerializer(this.#viewType, {
        deserializeWebviewPanel: async (webviewPanel) => void this.#adopt(webviewPanel),
      }),
      backend.onDidChangeConnection(({ phase }) => this.#open?.panel.post({ type: 'connection', state: asSeenByPage(phase) })),
      heard,
      ...this.#page.news.map((method) => backend.on(method, (params) => heard.hear(newsOf(method, params)))),
    ];
  }

  show(how: Shown = 'inFront'): Panel {
    const preserveFocus = how === 'behind';
    this.#open?.webviewPanel.reveal(undefined, preserveFocus);
    if (this.#open) return this.#open.panel;
    const column = { viewColumn: ViewColumn.Active, preserveFocus };
    return this.#adopt(window.createWebviewPanel(this.#viewType, '', column, { enableFindWidget: true }));
  }

  #adopt(webviewPanel: WebviewPanel): Panel {
    const panel = this.#bridge(webviewPanel);
    this.#open?.webviewPanel.dispose();
    const open = { webviewPanel, panel };
    this.#open = open;
    webviewPanel.title = this.#page.title();
    webviewPanel.iconPath = this.#deps.iconPath;
    webviewPanel.onDidDispose(() => {
      panel.close();
      if (this.#open === open) this.#open = undefined;
    });
    this.#deps.backend.start();
    panel.open();
    return panel;
  }

  #bridge(webviewPanel: WebviewPanel): Panel {
    const { backend, log, extensionUri } = this.#deps;
    const { name, texts, methods, act } = this.#page;
    const init = () => ({
      ...({ type: 'init', version: webviewProtocolVersion, agentId: null, sessionId: null } as const),
      connection: asSeenByPage(backend.connection.phase),
      texts: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, l10n.t(text)])),
    });
    const request = (asked: PageRequest) => this.#request(asked);
    return new Panel({ webviewPanel, extensionUri, log, init, request, message: act, hidden: () => undefined }, { page: name, methods });
  }

  #request(request: PageRequest): Promise<unknown> {
    const { method, params } = inOwnPlace(request, this.#page.name);
    // The parameters were checked against this very method's schema, which the two separate values no longer show.
    return this.#deps.backend.call(method, params as never);
  }
}
