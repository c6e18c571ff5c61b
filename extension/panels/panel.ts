/**
 * What every panel shares: the page's HTML with its policy, and the bridge to it. Each message of the page is checked
 * against the contract before anything acts on it; what does not fit is dropped, counted and logged.
 */
import { randomBytes } from 'node:crypto';
import { type Disposable, env, type LogOutputChannel, l10n, Uri, type WebviewPanel } from 'vscode';
import type { Method } from '../../server/protocol/requests.ts';
import { FromWebview, type ToWebview, webviewProtocolVersion } from '../../server/protocol/webview.ts';
import { toAgorError } from '../backend/rpc-failure.ts';
import { pageHtml } from './page-html.ts';
import { checkPageRequest, type PageRequest } from './page-request.ts';

type Handled = 'ready' | 'request' | 'failed';
export type PageMessage = Exclude<FromWebview, { type: Handled }>;

export type PanelDeps = {
  readonly webviewPanel: WebviewPanel;
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  /** What to answer a page that is ready, now and after each reload of it. */
  readonly init: () => Extract<ToWebview, { type: 'init' }>;
  readonly request: (request: PageRequest) => Promise<unknown>;
  readonly message: (message: PageMessage) => void;
  /** The page is gone, and comes back as a new one when the panel is looked at again. */
  readonly hidden: () => void;
};

export type PanelOptions = {
  /** Name of the bundle in `dist/webviews`. */
  readonly page: string;
  readonly methods: readonly Method[];
};

/** What a person asked for waits for a page that is not there yet. */
const askedFor: ReadonlySet<ToWebview['type']> = new Set<ToWebview['type']>([
  'show',
  'focusComposer',
  'showItem',
  'showComms',
  'showTask',
  'showRow',
]);

export class Panel {
  readonly #deps: PanelDeps;
  readonly #options: PanelOptions;
  readonly #listeners: Disposable[] = [];
  /** Messages for a page that has not said that it is ready. */
  #held: ToWebview[] = [];
  #isReady = false;
  #isReloaded = false;
  #droppedMessages = 0;

  constructor(deps: PanelDeps, options: PanelOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  open(): void {
    const { webview } = this.#deps.webviewPanel;
    webview.options = { enableScripts: true, localResourceRoots: [this.#uri('dist', 'webviews'), this.#uri('media')] };
    this.#listeners.push(
      webview.onDidReceiveMessage((data: unknown) => this.#receive(data)),
      this.#deps.webviewPanel.onDidChangeViewState(() => this.#viewStateChanged()),
    );
    this.#load();
  }

  close(): void {
    for (const listener of this.#listeners.splice(0)) listener.dispose();
  }

  /** Without a page only what a person asked for is kept; the rest is in what the next page reads when it starts. */
  post(message: ToWebview): void {
    if (this.#isReady) void this.#deps.webviewPanel.webview.postMessage(message);
    else if (askedFor.has(message.type)) this.#held.push(message);
  }

  #load(): void {
    const { webviewPanel } = this.#deps;
    const { page } = this.#options;
    const file = (name: string) => webviewPanel.webview.asWebviewUri(this.#uri('dist', 'webviews', name)).toString();
    this.#isReady = false;
    webviewPanel.webview.html = pageHtml({
      lang: env.language,
      title: webviewPanel.title,
      nonce: randomBytes(16).toString('hex'),
      cspSource: webviewPanel.webview.cspSource,
      scriptUri: file(`${page}.js`),
      styleUris: [file('codicon.css')],
    });
  }

  #viewStateChanged(): void {
    if (this.#deps.webviewPanel.visible || !this.#isReady) return;
    this.#isReady = false;
    this.#deps.hidden();
  }

  #receive(data: unknown): void {
    const parsed = FromWebview.safeParse(data);
    if (!parsed.success) return this.#drop(data);
    const message = parsed.data;
    if (message.type === 'ready') return this.#welcome(message.version);
    if (message.type === 'request') return void this.#answer(message);
    if (message.type === 'failed') return this.#deps.log.error(`The ${this.#options.page} page failed: ${message.message}`);
    this.#deps.message(message);
  }

  /** A page that VS Code kept from an older build is loaded once more, and not again if that does not help. */
  #welcome(version: number): void {
    if (version !== webviewProtocolVersion && !this.#isReloaded) {
      this.#isReloaded = true;
      return this.#load();
    }
    this.#isReady = true;
    this.post(this.#deps.init());
    for (const message of this.#held.splice(0)) this.post(message);
  }

  async #answer({ id, method, params }: Extract<FromWebview, { type: 'request' }>): Promise<void> {
    try {
      const result = await this.#deps.request(checkPageRequest(this.#options.methods, method, params));
      this.post({ type: 'response', id, result });
    } catch (error) {
      const failure = toAgorError(error, l10n.t);
      this.#deps.log.debug(`${method}: ${failure.code}: ${failure.message}`);
      this.post({ type: 'failure', id, code: failure.code, message: failure.message });
    }
  }

  #drop(data: unknown): void {
    this.#droppedMessages++;
    const type = typeof data === 'object' && data !== null && 'type' in data ? String(data.type) : typeof data;
    this.#deps.log.warn(`Dropped message ${this.#droppedMessages} of the ${this.#options.page} page, of type "${type.slice(0, 40)}".`);
  }

  #uri(...segments: string[]): Uri {
    return Uri.joinPath(this.#deps.extensionUri, ...segments);
  }
}
