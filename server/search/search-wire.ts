/** What the backend and its search thread tell each other. */
import type { SearchAnswer } from '../protocol/search.ts';
import type { Wish } from './finder.ts';

/** What the thread is started with. */
export type ThreadData = {
  readonly searchDb: string;
  readonly sessionsDb: string;
  readonly btmsgDb: string;
  /** The last place of each source when the backend opened it: an index that is ahead of one is of other data. */
  readonly lastPlaces: Readonly<Record<string, number>>;
};

export type Progress = { readonly indexed: number; readonly total: number };

export type Ask =
  | { readonly do: 'init' }
  | { readonly do: 'search'; readonly wish: Wish }
  | { readonly do: 'catchUp' }
  | { readonly do: 'rebuild' }
  | { readonly do: 'cancelRebuild' };

export type Answers = {
  readonly init: { readonly indexed: number; readonly waiting: number };
  readonly search: SearchAnswer;
  readonly catchUp: Record<string, never>;
  readonly rebuild: { readonly indexed: number; readonly isCancelled: boolean };
  readonly cancelRebuild: Record<string, never>;
};

export type Request = { readonly id: number; readonly ask: Ask };

export type Told =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answers[Ask['do']] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** Something that a person should know once. */
  | { readonly type: 'news'; readonly message: string }
  /** What is wrong now; null when nothing is. */
  | { readonly type: 'problem'; readonly problem: string | null };
