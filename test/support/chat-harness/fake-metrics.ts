/** The metrics page with VS Code and the backend played by `window.metrics`. */
import { LiveMetrics, MeasuredSession, StorageReport } from '../../../server/protocol/metrics.ts';
import { metricsTexts } from '../../../server/protocol/metrics-texts.ts';
import type { ToWebview } from '../../../server/protocol/webview.ts';
import { FakePanel, installPanel } from './fake-panel.ts';
import { hostile } from './hostile.ts';
import { sampleLive, sampleSessions, sampleStorage } from './metrics-data.ts';

export class FakeMetrics extends FakePanel {
  live: LiveMetrics = sampleLive();
  /** Those of the first project; the others have none. */
  sessions: MeasuredSession[] = sampleSessions(24);
  storage: StorageReport = sampleStorage();

  override fill(text: string): void {
    this.live = hostile(LiveMetrics, sampleLive(), text);
    this.sessions = sampleSessions(12).map((session) => hostile(MeasuredSession, session, text));
    this.storage = hostile(StorageReport, sampleStorage(), text);
    // Away and back, everything is read anew at once.
    for (const state of ['away', 'connected'] as const) this.connection(state);
  }

  protected override welcome(): ToWebview {
    return { type: 'init', version: 1, agentId: null, sessionId: null, connection: 'connected', texts: { ...metricsTexts } };
  }

  protected override result(method: string, params: Record<string, unknown>): unknown {
    if (method === 'metrics/live') return this.live;
    if (method === 'metrics/storage') return this.storage;
    if (method === 'metrics/history') return { sessions: params.project === this.live.projects[0]?.projectId ? this.sessions : [] };
    return {};
  }
}

declare global {
  interface Window {
    metrics: FakeMetrics;
  }
}

window.metrics = new FakeMetrics();
installPanel(window.metrics, 'agor.metrics.state');
const given = new URLSearchParams(location.search);
if (given.has('empty')) window.metrics.live = { ...sampleLive(), projects: [], attention: [] };
if (given.has('fails')) window.metrics.refusals.set('metrics/live', 'The database of sessions is damaged. Run "agor recover".');
