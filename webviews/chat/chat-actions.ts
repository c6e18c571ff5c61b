/** What the parts of the page may ask for. */
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { FormValues } from '../../server/protocol/form.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import type { FromWebview } from '../../server/protocol/webview.ts';
import type { Question } from './items/row-context.ts';
import type { Place, Tab } from './saved-state.ts';

export interface ChatActions {
  post(message: FromWebview): void;
  copy(text: string): void;
  answer(question: Question, decision: Decision, values?: FormValues): void;
  loadEarlier(pageSize?: number): void;
  /** For a screen reader. */
  announce(sentence: string): void;
  /** What a person asked for and did not get. */
  report(sentence: string): void;
  keepPlace(place: Place): void;
  edit(draft: string): void;
  /** Puts a prompt into the composer, to be changed or sent. */
  suggest(draft: string): void;
  /** What is typed now, which may be newer than what is drawn. */
  sendDraft(): void;
  sendExample(text: string): void;
  interrupt(): void;
  /** Into the turn that runs. */
  sendNow(promptId: PromptId): void;
  startAgent(): void;
  /** Also forgets how often it crashed. */
  restartAgent(): void;
  resumeAgent(): void;
  stopAgent(): void;
  newSession(): void;
  showSession(sessionId: string | null): void;
  /** Makes an earlier session the current one. */
  resumeSession(sessionId: string): void;
  showQuestion(): void;
  dismissProblem(): void;
  showTab(tab: Tab): void;
}
