/** The one audit panel of this window, restored after a reload. */
import { type Disposable, env, type LogOutputChannel, l10n, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { auditTexts } from '../../server/protocol/audit-texts.ts';
import type { Notification } from '../../server/protocol/notifications.ts';
import type { Method } from '../../server/protocol/requests.ts';
import { webviewProtocolVersion } from '../../server/protocol/webview.ts';
import type { Backend } from '../backend.ts';
import { asSeenByPage } from '../connection.ts';
import { inOwnPlace } from './kept-view.ts';
import type { PageRequest } from './page-request.ts';
import { type PageMessage, Panel } from './panel.ts';
import { saveAudit } from './save-audit.ts';

const auditViewType = 'agor.audit';

/** What the audit panel may ask of the backend; nothing else passes. */
const auditMethods: readonly Method[] = ['audit/list', 'audit/verify', 'agent/list', 'team/list', 'task/add', 'view/get', 'view/put'];
/** What it is told. */
const auditNews = ['audit/appended', 'audit/verifying', 'agent/changed', 'agent/removed'] as const satisfies readonly Notification[];

export type AuditPanelDeps = {
  readonly backend: Backend;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly iconPath: { readonly light: Uri; readonly dark: Uri };
  readonly onFailure: (error: unknown) => void;
};

export class AuditPanel {
  readonly #deps: AuditPanelDeps;
  #open: { readonly webviewPanel: WebviewPanel; readonly panel: Panel } | undefined;

  constructor(deps: AuditPanelDeps) {
    this.#deps = deps;
  }

  get isVisible(): boolean {
    return this.#open?.webviewPanel.visible ?? false;
  }

  register(): Disposable[] {
    const { backend } = this.#deps;
    return [
      window.registerWebviewPanelSerializer(auditViewType, {
        deserializeWebviewPanel: async (webviewPanel) => this.#adopt(webviewPanel),
      }),
      backend.onDidChangeConnection(({ phase }) => this.#open?.panel.post({ type: 'connection', state: asSeenByPage(phase) })),
      ...auditNews.map((method) => backend.on(method, (params) => this.#open?.panel.post({ type: 'notification', method, params }))),
    ];
  }

  /** With a number, at that row. */
  show(seq: number | null): void {
    if (this.#open) this.#open.webviewPanel.reveal();
    else this.#adopt(window.createWebviewPanel(auditViewType, '', ViewColumn.Active, { enableFindWidget: true }));
    if (seq !== null) this.#open?.panel.post({ type: 'showRow', seq });
  }

  #adopt(webviewPanel: WebviewPanel): void {
    const { backend, log, extensionUri, iconPath } = this.#deps;
    const panel = new Panel(
      {
        ...{ webviewPanel, extensionUri, log },
        init: () => ({
          ...{ type: 'init', version: webviewProtocolVersion, agentId: null, sessionId: null },
          connection: asSeenByPage(backend.connection.phase),
          texts: Object.fromEntries(Object.entries(auditTexts).map(([key, text]) => [key, l10n.t(text)])),
        }),
        request: (request) => this.#request(request),
        message: (message) => this.#act(message),
        hidden: () => undefined,
      },
      { page: 'audit', methods: auditMethods },
    );
    this.#open?.webviewPanel.dispose();
    const open = { webviewPanel, panel };
    this.#open = open;
    webviewPanel.title = l10n.t('Audit Log');
    webviewPanel.iconPath = iconPath;
    webviewPanel.onDidDispose(() => {
      panel.close();
      if (this.#open === open) this.#open = undefined;
    });
    backend.start();
    panel.open();
  }

  /** It shows, asks and copies: what else a chat page can make VS Code do, this one cannot. */
  #act(message: PageMessage): void {
    const { backend, log, onFailure } = this.#deps;
    if (message.type === 'copy') return void env.clipboard.writeText(message.text).then(undefined, onFailure);
    if (message.type === 'exportAudit') return void saveAudit(backend, message).catch(onFailure);
    log.warn(`The audit panel may not ask for "${message.type}".`);
  }

  #request(request: PageRequest): Promise<unknown> {
    const { method, params } = inOwnPlace(request, 'audit');
    // The parameters were checked against this very method's schema, which the two separate values no longer show.
    return this.#deps.backend.call(method, params as never);
  }
}
