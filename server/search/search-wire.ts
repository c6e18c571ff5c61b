/** What the backend and its search threads tell each other. */
import type { Found, Wish } from './finder.ts';

export type SearchPaths = { readonly searchDb: string; readonly sessionsDb: string; readonly btmsgDb: string };

/**
 * What a thread is started with. One keeps the index; others only ask it, so that no answer waits for what is taken in, and
 * none of the newest for one of the best.
 */
export type ThreadData = KeeperData | FinderData;
export type KeeperData = {
  readonly role: 'keeper';
  readonly paths: SearchPaths;
  readonly gate: SharedArrayBuffer;
  /** Shut while the backend wants nobody to read. */
  readonly pause: SharedArrayBuffer;
  /** The last place of each source when the backend opened it: an index that is ahead of one is of other data. */
  readonly lastPlaces: Readonly<Record<string, number>>;
};
export type FinderData = { readonly role: 'finder'; readonly paths: SearchPaths; readonly gate: SharedArrayBuffer };

export type Progress = { readonly indexed: number; readonly total: number };

/** Which file an index is: another one has its name as soon as it was made anew. */
export type FileIdentity = string;

/** Of each thing that is asked, what is asked with it and what is answered. */
export type KeeperAsks = {
  readonly init: { readonly ask: object; readonly answer: { readonly indexed: number; readonly waiting: number } };
  /** Takes in some of what waits, and says whether that was all there was. */
  readonly freshen: { readonly ask: object; readonly answer: { readonly isFresh: boolean } };
  readonly catchUp: { readonly ask: object; readonly answer: object };
  readonly rebuild: { readonly ask: object; readonly answer: { readonly indexed: number; readonly isCancelled: boolean } };
  readonly cancelRebuild: { readonly ask: object; readonly answer: object };
  /** Who asked the index found it damaged. */
  readonly replace: { readonly ask: { readonly file: FileIdentity }; readonly answer: object };
};
export type FinderAsks = {
  readonly search: {
    readonly ask: { readonly wish: Wish };
    readonly answer: { readonly found: Found } | { readonly damaged: FileIdentity };
  };
};

type Asks = Readonly<Record<string, { readonly ask: object; readonly answer: object }>>;
export type Request<A extends Asks> = { readonly [K in keyof A]: { readonly id: number; readonly do: K } & A[K]['ask'] }[keyof A];

export type Told =
  /** It runs, and takes requests. */
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: object }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly isConflict: boolean }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** Something that a person should know once. */
  | { readonly type: 'news'; readonly message: string }
  /** What is wrong now; null when nothing is. */
  | { readonly type: 'problem'; readonly problem: string | null };
