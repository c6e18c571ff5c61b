/** MAIN of the thread that checks backups and brings them back: it opens databases that nobody else has open. */
import { parentPort, workerData } from 'node:worker_threads';
import { doJob, type Job, type JobEnd } from './backup/jobs.ts';
import { AgorError } from './protocol/errors.ts';
import { storesOpener } from './stores.ts';

const tell = (end: JobEnd) => parentPort?.postMessage(end);

void main();

async function main(): Promise<void> {
  try {
    // Only `JobThread` starts this thread, and gives it exactly this.
    tell({ answer: await doJob(workerData as Job, storesOpener) });
  } catch (error) {
    const isOurs = error instanceof AgorError;
    tell({
      code: isOurs ? error.code : 'internal',
      message: error instanceof Error ? (isOurs ? error.message : (error.stack ?? error.message)) : String(error),
    });
  }
}
