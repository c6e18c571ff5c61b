/** ROOT of the audit panel's page: builds everything by hand, in order, and says when it is ready. */
import { registerControls } from '../shared/controls.ts';
import { Host } from '../shared/host.ts';
import '../shared/icon.ts';
import { KeptState } from '../shared/kept-state.ts';
import { fillPanel, reportFailures } from '../shared/page-setup.ts';
import { AuditModel } from './audit-model.ts';
import { AgorAuditPage } from './audit-page.ts';
import './row-detail.ts';
import './row-list.ts';
import { readSavedState, type SavedState } from './saved-state.ts';
import './task-form.ts';
import { useTexts } from './texts.ts';

/** News come by themselves; this is for the one that was lost. */
const lookEveryMs = 5_000;

registerControls();
fillPanel();
const api = acquireVsCodeApi();
const host = new Host({ api, target: window });
const page = new AgorAuditPage();
const kept = new KeptState<SavedState>({
  ...{ host, view: 'audit', now: () => Date.now(), later: (task, delayMs) => setTimeout(task, delayMs) },
  store: { get: () => api.getState(), set: (state) => api.setState(state) },
});
const model = new AuditModel(
  {
    host,
    save: (state) => kept.keep(state),
    onChange: () => page.changed(),
    now: () => Date.now(),
    isHidden: () => document.visibilityState === 'hidden',
  },
  readSavedState(api.getState()),
);
page.model = model;

document.addEventListener('visibilitychange', () => {
  kept.flush();
  void model.look();
});
window.addEventListener('blur', () => kept.flush());
setInterval(() => void model.look(), lookEveryMs);
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
host.on('init', () => void recall());
model.start();
document.body.append(page);
host.start();

async function recall(): Promise<void> {
  const newer = await kept.recall();
  if (newer !== null) await model.restore(readSavedState(newer));
}
