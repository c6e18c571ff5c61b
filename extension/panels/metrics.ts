/** The metrics panel. */
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Disposable, l10n, Uri, window, workspace } from 'vscode';
import { metricsCsv } from '../../server/protocol/metrics-csv.ts';
import { metricsTexts } from '../../server/protocol/metrics-texts.ts';
import type { Backend } from '../backend/backend.ts';
import { newest } from './page-news.ts';
import type { PageMessage } from './panel.ts';
import { SinglePanel, type SinglePanelDeps } from './single-panel.ts';

export type MetricsPanelDeps = SinglePanelDeps & {
  readonly openAgent: (agentId: string, sessionId: string | null) => void;
  readonly openBoard: () => void;
  readonly onFailure: (error: unknown) => void;
};

export class MetricsPanel {
  readonly #panel: SinglePanel;

  constructor(deps: MetricsPanelDeps) {
    this.#panel = new SinglePanel(deps, {
      name: 'metrics',
      title: () => l10n.t('Metrics'),
      texts: metricsTexts,
      methods: ['metrics/live', 'metrics/history', 'metrics/storage', 'view/get', 'view/put'],
      // Each says that figures may be others now.
      news: [
        ...(['team/changed', 'agent/changed', 'agent/removed', 'approval/changed'] as const),
        ...(['task/changed', 'task/removed', 'project/changed', 'project/removed'] as const),
      ],
      hears: newest,
      act: (message) => act(deps, message),
    });
  }

  get isVisible(): boolean {
    return this.#panel.isVisible;
  }

  register(): Disposable[] {
    return this.#panel.register();
  }

  show(): void {
    this.#panel.show();
  }
}

function act({ backend, log, openAgent, openBoard, onFailure }: MetricsPanelDeps, message: PageMessage): void {
  if (message.type === 'openAgent') openAgent(message.agentId, message.sessionId);
  else if (message.type === 'openBoard') openBoard();
  else if (message.type === 'exportMetrics') exportCsv(backend, message.projectId).catch(onFailure);
  else log.warn(`The metrics page may not ask for "${message.type}".`);
}

/** What is written is what the backend has, and the person decides where. */
async function exportCsv(backend: Backend, project: string): Promise<void> {
  const { sessions } = await backend.call('metrics/history', { project });
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const target = await window.showSaveDialog({
    defaultUri: Uri.file(join(folder, 'sessions.csv')),
    filters: { [l10n.t('Comma-separated values')]: ['csv'] },
    title: l10n.t('Export CSV'),
  });
  if (target) await writeFile(target.fsPath, metricsCsv(sessions));
}
