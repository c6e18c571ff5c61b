/** ROOT of the metrics page: builds everything by hand, in order, and says when it is ready. */
import { registerControls } from '../shared/controls.ts';
import { DelayedSave } from '../shared/delayed-save.ts';
import { Host } from '../shared/host.ts';
import '../shared/icon.ts';
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
const saving = new DelayedSave<SavedState>((state) => api.setState(state));
const after = (delayMs: number, call: () => void) => {
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
};
const deps = { host, save: (state: SavedState) => saving.save(state), after, onChange: () => page.changed() };
const model = new MetricsModel(deps, readSavedState(api.getState()));
page.model = model;

document.addEventListener('visibilitychange', () => {
  saving.flush();
  model.setVisible(document.visibilityState === 'visible');
});
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
model.start();
document.body.append(page);
host.start();
