/** ROOT of the chat page: builds everything by hand, in order, and says when it is ready. */
import type { PromptId } from '../../server/protocol/ids.ts';
import { registerControls } from '../shared/controls.ts';
import { DelayedSave } from '../shared/delayed-save.ts';
import { Host } from '../shared/host.ts';
import '../shared/icon.ts';
import { fillPanel, reportFailures } from '../shared/page-setup.ts';
import { ChatModel } from './chat-model.ts';
import { AgorChatPage } from './chat-page.ts';
import './composer.ts';
import './countdown.ts';
import './header.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { readSavedState, type SavedState } from './saved-state.ts';
import { useTexts } from './texts.ts';
import './transcript.ts';

registerControls();
fillPanel();
const api = acquireVsCodeApi();
const host = new Host({ api, target: window });
const page = new AgorChatPage();
const keeper = new DraftKeeper({ host, later: (task, delayMs) => setTimeout(task, delayMs) });
const saving = new DelayedSave<SavedState>((state) => api.setState(state));
const model = new ChatModel(
  {
    host,
    save: (state, when) => {
      saving.save(state);
      keeper.keep(state);
      if (when === 'now') flush();
    },
    now: Date.now,
    // The brand says what the id is for, and this is where the page makes it.
    newPromptId: () => crypto.randomUUID() as PromptId,
    later: (task, delayMs) => setTimeout(task, delayMs),
    onChange: () => page.changed(),
  },
  readSavedState(api.getState()),
);
page.model = model;
page.post = (message) => host.post(message);

document.addEventListener('visibilitychange', flush);
window.addEventListener('blur', flush);
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
host.on('init', ({ agentId }) => void recallDraft(agentId));
host.on('focusComposer', () => page.focusComposer());
model.start();
document.body.append(page);
host.start();

function flush(): void {
  saving.flush();
  keeper.flush();
}

async function recallDraft(agentId: string | null): Promise<void> {
  const kept = agentId === null ? null : await keeper.recall(agentId);
  if (kept) model.recall(kept);
}
