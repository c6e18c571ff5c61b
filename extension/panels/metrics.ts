/** The one metrics panel of this window, restored after a reload. */
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Disposable, type LogOutputChannel, l10n, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { metricsCsv } from '../../server/protocol/metrics-csv.ts';
import { metricsTexts } from '../../server/protocol/metrics-texts.ts';
import type { Notification } from '../../server/protocol/notifications.ts';
import type { Method } from '../../server/protocol/requests.ts';
import { webviewProtocolVersion } from '../../server/protocol/webview.ts';
import type { Backend } from '../backend.ts';
import { asSeenByPage } from '../connection.ts';
import { inOwnPlace } from './kept-view.ts';
import type { PageRequest } from './page-request.ts';
import { type PageMessage, Panel } from './panel.ts';

const metricsViewType = 'agor.metrics';

/** What the page may ask of the backend; nothing else passes. */
const metricsMethods: readonly Method[] = ['metrics/live', 'metrics/history', 'metrics/storage', 'view/get', 'view/put'];
/** What it is told: each says that figures may be others now. */
const metricsNews = [
  ...(['team/changed', 'agent/changed', 'agent/removed', 'approval/changed'] as const),
  ...(['task/changed', 'task/removed', 'project/changed', 'project/removed'] as const),
] satisfies readonly Notification[];

export type MetricsPanelDeps = {
  readonly backend: Backend;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly iconPath: { readonly light: Uri; readonly dark: Uri };
  readonly openAgent: (agentId: string, sessionId: string | null) => void;
  readonly openBoard: () => void;
  readonly onFailure: (error: unknown) => void;
};

export class MetricsPanel {
  readonly #deps: MetricsPanelDeps;
  #open: { readonly webviewPanel: WebviewPanel; readonly panel: Panel } | undefined;

  constructor(deps: MetricsPanelDeps) {
    this.#deps = deps;
  }

  get isVisible(): boolean {
    return this.#open?.webviewPanel.visible ?? false;
  }

  register(): Disposable[] {
    const { backend } = this.#deps;
    return [
      window.registerWebviewPanelSerializer(metricsViewType, {
        deserializeWebviewPanel: async (webviewPanel) => this.#adopt(webviewPanel),
      }),
      backend.onDidChangeConnection(({ phase }) => this.#open?.panel.post({ type: 'connection', state: asSeenByPage(phase) })),
      ...metricsNews.map((method) => backend.on(method, (params) => this.#open?.panel.post({ type: 'notification', method, params }))),
    ];
  }

  show(): void {
    if (this.#open) return this.#open.webviewPanel.reveal();
    this.#adopt(window.createWebviewPanel(metricsViewType, '', ViewColumn.Active, { enableFindWidget: true }));
  }

  #adopt(webviewPanel: WebviewPanel): void {
    const { backend, log, extensionUri, iconPath } = this.#deps;
    const panel = new Panel(
      {
        ...{ webviewPanel, extensionUri, log },
        init: () => ({
          ...{ type: 'init', version: webviewProtocolVersion, agentId: null, sessionId: null },
          connection: asSeenByPage(backend.connection.phase),
          texts: Object.fromEntries(Object.entries(metricsTexts).map(([key, text]) => [key, l10n.t(text)])),
        }),
        request: (request) => this.#request(request),
        message: (message) => this.#message(message),
        hidden: () => undefined,
      },
      { page: 'metrics', methods: metricsMethods },
    );
    this.#open?.webviewPanel.dispose();
    const open = { webviewPanel, panel };
    this.#open = open;
    webviewPanel.title = l10n.t('Metrics');
    webviewPanel.iconPath = iconPath;
    webviewPanel.onDidDispose(() => {
      panel.close();
      if (this.#open === open) this.#open = undefined;
    });
    backend.start();
    panel.open();
  }

  #request(request: PageRequest): Promise<unknown> {
    const { method, params } = inOwnPlace(request, 'metrics');
    // The parameters were checked against this very method's schema, which the two separate values no longer show.
    return this.#deps.backend.call(method, params as never);
  }

  #message(message: PageMessage): void {
    const { openAgent, openBoard, onFailure, log } = this.#deps;
    if (message.type === 'openAgent') openAgent(message.agentId, message.sessionId);
    else if (message.type === 'openBoard') openBoard();
    else if (message.type === 'exportMetrics') this.#export(message.projectId).catch(onFailure);
    else log.warn(`The metrics page may not ask for "${message.type}".`);
  }

  /** What is written is what the backend has, and the person decides where. */
  async #export(project: string): Promise<void> {
    const { sessions } = await this.#deps.backend.call('metrics/history', { project });
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
    const target = await window.showSaveDialog({
      defaultUri: Uri.file(join(folder, 'sessions.csv')),
      filters: { [l10n.t('Comma-separated values')]: ['csv'] },
      title: l10n.t('Export CSV'),
    });
    if (target) await writeFile(target.fsPath, metricsCsv(sessions));
  }
}
