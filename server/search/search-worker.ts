/**
 * A search thread as the backend has it: started when it is needed, asked by messages, given up when it is silent for too
 * long, and started again at a slowing pace. Nobody ever waits for it without a bound.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { compileCacheOf } from '../base/compile-cache.ts';
import { AgorError } from '../protocol/errors.ts';
import type { KeeperAsks, ThreadData, Told } from './search-wire.ts';
import { waitBeforeStart } from './start-pace.ts';

export type WorkerDeps = {
  readonly program: string;
  /** For each thread that is started. */
  readonly data: () => ThreadData;
  readonly clock: Clock;
  readonly hear: (told: Exclude<Told, { type: 'answer' | 'failed' }>) => void;
  /** It ended by itself, or was given up; the reason is a sentence. */
  readonly ended: (reason: string) => void;
};

type Asks = Readonly<Record<string, { readonly ask: object; readonly answer: object }>>;
type Asked = { readonly resolve: (answer: object) => void; readonly reject: (error: AgorError) => void };

/** With something asked, silence for so long means that nothing will come. */
const silentMs = 30_000;
const closeWithinMs = 2_000;

export class SearchWorker<A extends Asks = KeeperAsks> {
  readonly #deps: WorkerDeps;
  readonly #asked = new Map<number, Asked>();
  readonly #ends: number[] = [];
  /** Those that were told to end and have not. */
  readonly #leaving = new Set<Promise<unknown>>();
  #worker: Worker | undefined;
  #stopWaiting = () => {};
  #lastId = 0;
  #failure = '';
  #isClosed = false;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  /** Whether something of it still runs: whoever ends the process has to kill it then. */
  get isStuck(): boolean {
    return this.#leaving.size > 0;
  }

  /** How long until it may run; 0 for one that does. */
  get waitMs(): number {
    return this.#worker ? 0 : waitBeforeStart(this.#ends, this.#deps.clock.elapsed());
  }

  get isAwake(): boolean {
    return this.#worker !== undefined;
  }

  start(): void {
    this.#running();
  }

  /** Ends the thread until it is needed again, unless it was asked something. */
  rest(): void {
    const worker = this.#worker;
    if (!worker || this.#asked.size > 0) return;
    this.#worker = undefined;
    this.#dismiss(worker);
  }

  ask<K extends keyof A & string>(what: K, given: A[K]['ask']): Promise<A[K]['answer']> {
    const { promise, resolve, reject } = Promise.withResolvers<A[K]['answer']>();
    try {
      const worker = this.#running();
      const id = ++this.#lastId;
      // The thread answers each request by its id, with what belongs to it.
      this.#asked.set(id, { resolve: resolve as Asked['resolve'], reject });
      worker.postMessage({ id, do: what, ...given });
      this.#listen();
    } catch (error) {
      reject(error);
    }
    return promise;
  }

  /** A statement of SQLite cannot be interrupted, so this does not wait for its end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#refuseAll(endingError());
    if (worker) this.#dismiss(worker);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const callOff = this.#deps.clock.after(closeWithinMs, resolve);
    await Promise.race([Promise.all(this.#leaving), late]);
    callOff();
  }

  #running(): Worker {
    if (this.#isClosed) throw endingError();
    if (this.#worker) return this.#worker;
    const { waitMs } = this;
    if (waitMs > 0) {
      const inSeconds = Math.ceil(waitMs / 1_000);
      throw new AgorError('unavailable', `The search is down: ${this.#failure} It is started again in ${inSeconds} s.`);
    }
    const data = this.#deps.data();
    const env = { ...process.env, ...compileCacheOf(this.#deps.program) };
    const worker = new Worker(this.#deps.program, { workerData: data, name: `search ${data.role}`, env });
    worker.on('message', (told: Told) => this.#hear(worker, told));
    worker.on('error', (error: unknown) => this.#lost(worker, `${error instanceof Error ? error.message : error}`));
    worker.once('exit', () => this.#lost(worker, 'Its thread ended.'));
    this.#worker = worker;
    return worker;
  }

  #hear(worker: Worker, told: Told): void {
    if (worker !== this.#worker) return;
    if (told.type === 'answer' || told.type === 'failed') {
      const asked = this.#asked.get(told.id);
      this.#asked.delete(told.id);
      if (told.type === 'answer') asked?.resolve(told.answer);
      else asked?.reject(failure(told));
    } else this.#deps.hear(told);
    this.#listen();
  }

  /** From its last word on. */
  #listen(): void {
    this.#stopWaiting();
    const worker = this.#worker;
    if (!worker || this.#asked.size === 0) return;
    this.#stopWaiting = this.#deps.clock.after(silentMs, () => this.#lost(worker, `It did not answer for ${silentMs / 1_000} s.`));
  }

  #lost(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#stopWaiting();
    this.#worker = undefined;
    this.#failure = reason;
    this.#ends.push(this.#deps.clock.elapsed());
    this.#dismiss(worker);
    this.#refuseAll(new AgorError('unavailable', `The search ended before it answered: ${reason} Search again in a moment.`));
    this.#deps.ended(reason);
  }

  #dismiss(worker: Worker): void {
    const left = worker.terminate();
    this.#leaving.add(left);
    void left.finally(() => this.#leaving.delete(left));
  }

  #refuseAll(error: AgorError): void {
    this.#stopWaiting();
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}

function failure({ message, isConflict }: Extract<Told, { type: 'failed' }>): AgorError {
  return isConflict ? new AgorError('conflict', message) : new AgorError('unavailable', `The search could not answer: ${message}`);
}

function endingError(): AgorError {
  return new AgorError('unavailable', 'The backend is ending. Search again in a moment.');
}
