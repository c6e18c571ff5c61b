/** What the parts of the page may ask for. */
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { FromWebview } from '../../server/protocol/webview.ts';
import type { Question } from './items/row-context.ts';
import type { Place, Tab } from './saved-state.ts';

export interface ChatActions {
  post(message: FromWebview): void;
  copy(text: string): void;
  answer(question: Question, decision: Decision): void;
  loadEarlier(): void;
  keepPlace(place: Place): void;
  edit(draft: string): void;
  /** Puts a prompt into the composer, to be changed or sent. */
  suggest(draft: string): void;
  /** What is typed now, which may be newer than what is drawn. */
  sendDraft(): void;
  sendExample(text: string): void;
  interrupt(): void;
  startAgent(): void;
  /** Also forgets how often it crashed. */
  restartAgent(): void;
  resumeAgent(): void;
  stopAgent(): void;
  newSession(): void;
  showSession(sessionId: string | null): void;
  showQuestion(): void;
  dismissProblem(): void;
  showTab(tab: Tab): void;
}
