/** Does one job on a thread, which ends with it. */
import { Worker } from 'node:worker_threads';
import { AgorError, ErrorCode } from '../protocol/errors.ts';
import type { JobEnd, JobName, Jobs } from './jobs.ts';

export class JobThread {
  readonly #program: string;
  /** Those that were told to end and have not: a statement of SQLite cannot be interrupted. */
  readonly #running = new Set<Worker>();

  constructor(program: string) {
    this.#program = program;
  }

  /** Whether something of it still runs: whoever ends the process has to kill it then. */
  get isStuck(): boolean {
    return this.#running.size > 0;
  }

  /** Rejects with what the job refused with, or with the signal's reason at once when that is given. */
  do<K extends JobName>(name: K, ask: Jobs[K]['ask'], signal: AbortSignal): Promise<Jobs[K]['answer']> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const worker = new Worker(this.#program, { workerData: { name, ask }, name: `backup ${name}` });
      this.#running.add(worker);
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
        this.#running.delete(worker);
        signal.removeEventListener('abort', giveUp);
        reject(new AgorError('internal', `The ${name} of a backup ended without an answer.`));
      });
    });
  }
}
