/** ROOT of the metrics page: builds everything by hand, in order, and says when it is ready. */
import { registerControls } from '../shared/controls.ts';
import { Host } from '../shared/host.ts';
import '../shared/icon.ts';
import { KeptState } from '../shared/kept-state.ts';
import { fillPanel, reportFailures } from '../shared/page-setup.ts';
import { MetricsModel } from './metrics-model.ts';
import { AgorMetricsPage } from './metrics-page.ts';
import { readSavedState, type SavedState } from './saved-state.ts';
import { useTexts } from './texts.ts';

registerControls();
fillPanel();
const api = acquireVsCodeApi();
const host = new Host({ api, target: window });
const page = new AgorMetricsPage();
const kept = new KeptState<SavedState>({
  ...{ host, view: 'metrics', now: () => Date.now(), later: (task, delayMs) => setTimeout(task, delayMs) },
  store: { get: () => api.getState(), set: (state) => api.setState(state) },
});
const after = (delayMs: number, call: () => void) => {
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
};
const deps = { host, save: (state: SavedState) => kept.keep(state), after, onChange: () => page.changed() };
const model = new MetricsModel(deps, readSavedState(api.getState()));
page.model = model;

document.addEventListener('visibilitychange', () => {
  kept.flush();
  model.setVisible(document.visibilityState === 'visible');
});
window.addEventListener('blur', () => kept.flush());
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
host.on('init', () => void recall());
model.start();
document.body.append(page);
host.start();

async function recall(): Promise<void> {
  const newer = await kept.recall();
  if (newer !== null) model.restore(readSavedState(newer));
}
