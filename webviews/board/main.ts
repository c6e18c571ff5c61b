/** ROOT of the board's page: builds everything by hand, in order, and says when it is ready. */
import { registerControls } from '../shared/controls.ts';
import { DelayedSave } from '../shared/delayed-save.ts';
import { Host } from '../shared/host.ts';
import '../shared/icon.ts';
import { fillPanel, reportFailures } from '../shared/page-setup.ts';
import { BoardModel } from './board-model.ts';
import { AgorBoardPage } from './board-page.ts';
import './columns.ts';
import './new-task.ts';
import { readSavedState, type SavedState } from './saved-state.ts';
import './task-detail.ts';
import { useTexts } from './texts.ts';

registerControls();
fillPanel();
const api = acquireVsCodeApi();
const host = new Host({ api, target: window });
const page = new AgorBoardPage();
const saving = new DelayedSave<SavedState>((state) => api.setState(state));
const model = new BoardModel({ host, save: (state) => saving.save(state), onChange: () => page.changed() }, readSavedState(api.getState()));
page.model = model;

document.addEventListener('visibilitychange', () => saving.flush());
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
host.on('showTask', ({ teamId, taskId, takesKeyboard }) => {
  if (takesKeyboard) page.focusDetail(taskId);
  void model.showTask(teamId, taskId);
});
model.start();
document.body.append(page);
host.start();
