/** The search as the backend has it: a thread that keeps the index and answers, started when it is needed. */
import { Worker } from 'node:worker_threads';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SearchAnswer, SearchGroup, SearchOrder } from '../protocol/search.ts';
import type { Database } from '../store/open-database.ts';
import { allGroups } from './finder.ts';
import type { Answers, Ask, Progress, Request, ThreadData, Told } from './search-wire.ts';

export type SearchDeps = {
  readonly program: string;
  readonly paths: Pick<ThreadData, 'searchDb' | 'sessionsDb' | 'btmsgDb'>;
  readonly sessions: Database;
  readonly btmsg: Database;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Asked = { readonly resolve: (answer: never) => void; readonly reject: (error: AgorError) => void };
type Wish = {
  readonly query: string;
  readonly groups?: readonly SearchGroup[] | undefined;
  readonly order?: SearchOrder | undefined;
  readonly limit?: number | undefined;
};

const usualLimit = 20;

export class Search {
  readonly progressed = new Emitter<Progress>();
  readonly changed = new Emitter<void>();
  readonly #deps: SearchDeps;
  readonly #data: ThreadData;
  readonly #asked = new Map<number, Asked>();
  #thread: Worker | undefined;
  #lastId = 0;
  #problem: string | null = null;
  #isClosed = false;

  /** To be made before anything is written: an index that is ahead of what there is now is of other data. */
  constructor(deps: SearchDeps) {
    this.#deps = deps;
    const lastChange = (db: Database) =>
      db.prepare<[], number>(`select seq from sqlite_sequence where name = 'search_changes'`).pluck().get() ?? 0;
    const lastAudited = deps.btmsg.prepare<[], number | null>('select max(seq) from audit_log').pluck().get() ?? 0;
    const lastPlaces = { sessions: lastChange(deps.sessions), btmsg: lastChange(deps.btmsg), audit: lastAudited };
    this.#data = { ...deps.paths, lastPlaces };
  }

  /** What is wrong now, in a sentence. */
  problems(): string[] {
    return this.#problem === null ? [] : [this.#problem];
  }

  start(): void {
    this.#running();
  }

  init(): Promise<Answers['init']> {
    return this.#ask({ do: 'init' });
  }

  all({ query, groups = allGroups, order = 'newest', limit = usualLimit }: Wish): Promise<SearchAnswer> {
    // In the order in which they are shown, whatever the order in which they were named.
    const wanted = allGroups.filter((group) => groups.includes(group));
    return this.#ask({ do: 'search', wish: { query, groups: wanted, order, limit, now: this.#deps.now() } });
  }

  rebuild(): Promise<Answers['rebuild']> {
    return this.#ask({ do: 'rebuild' });
  }

  async cancelRebuild(): Promise<void> {
    await this.#ask({ do: 'cancelRebuild' });
  }

  /** Brings in all that waits. */
  async catchUp(): Promise<void> {
    await this.#ask({ do: 'catchUp' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.terminate();
  }

  #ask<A extends Ask>(ask: A): Promise<Answers[A['do']]> {
    if (this.#isClosed) return Promise.reject(new AgorError('unavailable', 'The backend is ending. Search again in a moment.'));
    const id = ++this.#lastId;
    const request: Request = { id, ask };
    const answered = new Promise<Answers[A['do']]>((resolve, reject) => {
      // The thread answers each request by its id, with what belongs to it; the map cannot say so for each.
      this.#asked.set(id, { resolve: resolve as Asked['resolve'], reject });
    });
    this.#running().postMessage(request);
    return answered;
  }

  /** One that ended is started again by whoever asks next; what it had taken in is there. */
  #running(): Worker {
    if (this.#thread) return this.#thread;
    const thread = new Worker(this.#deps.program, { workerData: this.#data, name: 'search' });
    thread.on('message', (told: Told) => this.#hear(told));
    thread.on('error', (err: unknown) => this.#deps.log('the search thread failed', { err }));
    thread.once('exit', () => this.#ended(thread));
    this.#thread = thread;
    return thread;
  }

  #hear(told: Told): void {
    if (told.type === 'progress') return this.progressed.emit(told.progress);
    if (told.type === 'news') return this.#deps.log(told.message, {});
    if (told.type === 'problem') return this.#became(told.problem);
    const asked = this.#asked.get(told.id);
    this.#asked.delete(told.id);
    if (told.type === 'failed') asked?.reject(new AgorError('unavailable', `The search could not answer: ${told.message}`));
    // As above: the id names the request that this is the answer to.
    else asked?.resolve(told.answer as never);
  }

  #became(problem: string | null): void {
    if (problem !== null) this.#deps.log(problem, {});
    this.#problem = problem;
    this.changed.emit();
  }

  #ended(thread: Worker): void {
    if (this.#thread === thread) this.#thread = undefined;
    if (this.#isClosed) return;
    this.#became('The search thread has ended; the next search starts it again.');
    for (const { reject } of this.#asked.values())
      reject(new AgorError('unavailable', 'The search ended before it answered. Search again.'));
    this.#asked.clear();
  }
}
