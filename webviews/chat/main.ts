/** ROOT of the chat page: builds everything by hand, in order, and says when it is ready. */
import type { MessageId, PromptId } from '../../server/protocol/ids.ts';
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
import { CommsModel } from './comms/comms-model.ts';
import './comms/comms.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { readSavedState, readTab, type SavedState, type Tab } from './saved-state.ts';
import { useTexts } from './texts.ts';
import './transcript.ts';

registerControls();
fillPanel();
const api = acquireVsCodeApi();
const host = new Host({ api, target: window });
const page = new AgorChatPage();
const keeper = new DraftKeeper({ host, later: (task, delayMs) => setTimeout(task, delayMs) });
const saving = new DelayedSave<SavedState & { tab: Tab }>((state) => api.setState(state));
let kept: SavedState = readSavedState(api.getState());
const model = new ChatModel(
  {
    host,
    save: (state, when) => {
      kept = state;
      saving.save({ ...state, tab: page.tab });
      keeper.keep(state);
      if (when === 'now') flush();
    },
    now: Date.now,
    // The brand says what the id is for, and this is where the page makes it.
    newPromptId: () => crypto.randomUUID() as PromptId,
    later: (task, delayMs) => setTimeout(task, delayMs),
    onChange: () => {
      comms.setAgent(model.agent);
      page.changed();
    },
  },
  kept,
);
const comms = new CommsModel({
  host,
  // Here too the page makes the id.
  newMessageId: () => crypto.randomUUID() as MessageId,
  isVisible: () => document.visibilityState === 'visible',
  onChange: () => page.changed(),
});
page.model = model;
page.comms = comms;
page.keepTab = (tab) => saving.save({ ...kept, tab });
page.showTab(readTab(api.getState()));
page.post = (message) => host.post(message);

document.addEventListener('visibilitychange', flush);
document.addEventListener('visibilitychange', () => comms.look());
window.addEventListener('blur', flush);
reportFailures(host);
host.on('init', ({ texts }) => useTexts(texts));
host.on('init', ({ agentId }) => void recallDraft(agentId));
host.on('focusComposer', () => page.focusComposer());
host.on('showComms', ({ messageId, takesKeyboard }) => page.showComms(messageId, takesKeyboard ? 'take' : 'leave'));
host.on('showItem', ({ agentId, sessionId, itemId, takesKeyboard }) => {
  page.showItem({ sessionId, itemId, keyboard: takesKeyboard ? 'take' : 'leave' });
  void model.show(agentId, sessionId);
});
model.start();
comms.start();
document.body.append(page);
host.start();

function flush(): void {
  saving.flush();
  keeper.flush();
}

async function recallDraft(agentId: string | null): Promise<void> {
  const draft = agentId === null ? null : await keeper.recall(agentId);
  if (draft) model.recall(draft);
}
