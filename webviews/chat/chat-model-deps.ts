/** What the model of the page needs from outside, so that a test can play it. */
import type { PromptId } from '../../server/protocol/ids.ts';
import type { Host } from '../shared/host.ts';
import type { SavedState } from './saved-state.ts';

export interface ChatModelDeps {
  host: Pick<Host, 'request' | 'subscribe' | 'on' | 'post'>;
  /** `now`: what follows must not find an older copy. */
  save: (state: SavedState, when: 'soon' | 'now') => void;
  now: () => number;
  newPromptId: () => PromptId;
  later: (task: () => void, delayMs: number) => void;
  /** Something to draw has changed. */
  onChange: () => void;
}

/** `gone`: the agent was removed. */
export type Phase = 'loading' | 'noAgent' | 'gone' | 'ready';
