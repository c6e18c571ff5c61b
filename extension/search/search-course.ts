/**
 * From what a person types to what is shown: asks when they pause, shows the newest hits at once and the best ones when
 * these are there. An answer to an earlier question is dropped, however late it comes.
 */
import type { SearchAnswer, SearchGroup, SearchOrder } from '../../server/protocol/search.ts';

export type SearchQuestion = {
  readonly query: string;
  readonly order: SearchOrder;
  readonly groups?: SearchGroup[];
  readonly limit?: number;
};

export type SearchAll = (question: SearchQuestion) => Promise<SearchAnswer>;

/** What was found so far; `none`: nothing is looked for; `waiting`: nothing was found yet. */
export type SearchState =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'found'; readonly query: string; readonly answer: SearchAnswer }
  | { readonly kind: 'failed'; readonly query: string; readonly error: unknown };

export type SearchCourseDeps = {
  readonly searchAll: SearchAll;
  /** What was found, or whether more is on its way, has changed. */
  readonly onChange: () => void;
};

const pauseMs = 300;
const maxQueryChars = 500;
const hitsOfOneGroup = 200;

export class SearchCourse {
  readonly #deps: SearchCourseDeps;
  #state: SearchState = { kind: 'none' };
  #question: Pick<SearchQuestion, 'query' | 'groups' | 'limit'> = { query: '' };
  #isBusy = false;
  /** Since the question was asked. */
  #hasCaughtUp = false;
  #pause: NodeJS.Timeout | undefined;
  /** Counts questions: an answer to an earlier one is stale. */
  #sequence = 0;

  constructor(deps: SearchCourseDeps) {
    this.#deps = deps;
  }

  get state(): SearchState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Whether what is shown answers what is typed. */
  get isUpToDate(): boolean {
    return this.#state.kind === 'found' && this.#state.query === this.#question.query;
  }

  /** What was found before stays until there is an answer: a list that goes empty at each key is hard to read. */
  type(text: string): void {
    this.#begin({ query: text.trim().slice(0, maxQueryChars) });
    if (this.#question.query === '') return this.#become({ kind: 'none' }, false);
    this.#pause = setTimeout(() => void this.#ask(), pauseMs);
    this.#become(this.#state.kind === 'none' ? { kind: 'waiting' } : this.#state, true);
  }

  /** All that there is of one group. */
  showGroup(group: SearchGroup): void {
    this.#begin({ query: this.#question.query, groups: [group], limit: hitsOfOneGroup });
    void this.#ask();
  }

  /** Now, without waiting for a pause; also again. */
  askNow(): void {
    this.#begin(this.#question);
    void this.#ask();
  }

  /** The index has all there is: who was told that there may be more is shown it. */
  indexCaughtUp(): void {
    this.#hasCaughtUp = true;
    this.#askAgainIfIncomplete();
  }

  /** Whatever still comes is dropped. */
  dispose(): void {
    this.#begin({ query: '' });
    this.#isBusy = false;
  }

  #begin(question: Pick<SearchQuestion, 'query' | 'groups' | 'limit'>): void {
    clearTimeout(this.#pause);
    this.#sequence += 1;
    this.#hasCaughtUp = false;
    this.#question = question;
  }

  /** Once: what is incomplete also then is asked for again when the index tells of itself again. */
  #askAgainIfIncomplete(): void {
    const isIncomplete = this.#state.kind === 'found' && !this.#state.answer.isComplete;
    if (!isIncomplete || !this.#hasCaughtUp || this.#isBusy) return;
    this.#hasCaughtUp = false;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const sequence = this.#sequence;
    this.#become(this.#state, true);
    if (await this.#take('newest', sequence)) await this.#take('best', sequence);
    if (sequence === this.#sequence) this.#askAgainIfIncomplete();
  }

  /** Answers whether there is a reason to go on. */
  async #take(order: SearchOrder, sequence: number): Promise<boolean> {
    const question = this.#question;
    const { query } = question;
    try {
      const answer = await this.#deps.searchAll({ ...question, order });
      if (sequence !== this.#sequence) return false;
      this.#become({ kind: 'found', query, answer }, order === 'newest');
      return true;
    } catch (error) {
      if (sequence !== this.#sequence) return false;
      // The newest hits are true also where the best ones cannot be told.
      const isShown = order === 'best' && this.#state.kind === 'found';
      this.#become(isShown ? this.#state : { kind: 'failed', query, error }, false);
      return false;
    }
  }

  #become(state: SearchState, isBusy: boolean): void {
    this.#state = state;
    this.#isBusy = isBusy;
    this.#deps.onChange();
  }
}
