/** Does one job on a thread, which ends with it. */
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { AgorError, ErrorCode } from '../protocol/errors.ts';
import type { JobEnd, JobName, Jobs } from './jobs.ts';

export class JobThread {
  readonly #program: string;
  /** Those that were told to end and have not: a statement of SQLite cannot be interrupted. */
  readonly #running = new Map<Worker, Promise<void>>();

  constructor(program: string) {
    this.#program = program;
  }

  /** Whether something of it still runs: whoever ends the process has to kill it then. */
  get isStuck(): boolean {
    return this.#running.size > 0;
  }

  /**
   * Rejects with what the job refused with, or with the signal's reason at once when that is given; what is at `scratch`
   * then goes as soon as the thread has let go of it.
   */
  async do<K extends JobName>(name: K, ask: Jobs[K]['ask'], signal: AbortSignal, scratch?: string): Promise<Jobs[K]['answer']> {
    // One that was told to end may still be at work in the very folder that this one needs.
    await Promise.race([Promise.all(this.#running.values()), givenUp(signal)]);
    return this.#start({ name, ask, scratch }, signal);
  }

  #start<K extends JobName>({ name, ask, scratch }: Started<K>, signal: AbortSignal): Promise<Jobs[K]['answer']> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const worker = new Worker(this.#program, { workerData: { name, ask }, name: `backup ${name}` });
      this.#running.set(worker, this.#ended(worker, signal, scratch));
      const giveUp = () => {
        reject(signal.reason);
        void worker.terminate();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      worker.once('message', (end: JobEnd) => {
        // The thread answers the job that it was given, with what belongs to it.
        if ('answer' in end) resolve(end.answer as Jobs[K]['answer']);
        else reject(new AgorError(ErrorCode.safeParse(end.code).data ?? 'internal', end.message));
      });
      worker.once('error', (error) =>
        reject(new AgorError('internal', `The ${name} of a backup broke off: ${error instanceof Error ? error.message : error}`)),
      );
      worker.once('exit', () => {
        signal.removeEventListener('abort', giveUp);
        reject(new AgorError('internal', `The ${name} of a backup ended without an answer.`));
      });
    });
  }

  async #ended(worker: Worker, signal: AbortSignal, scratch: string | undefined): Promise<void> {
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    if (signal.aborted && scratch !== undefined)
      await rm(scratch, { recursive: true, force: true }).catch(() => {
        // A disk that takes nothing: whoever needs the place next removes it.
      });
    this.#running.delete(worker);
  }
}

type Started<K extends JobName> = { readonly name: K; readonly ask: Jobs[K]['ask']; readonly scratch: string | undefined };

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
