/** MAIN of a search thread: keeps the index or asks it, as the backend says. */
import { parentPort, workerData } from 'node:worker_threads';
import { findInThread } from './finder-thread.ts';
import { keepInThread } from './keeper-thread.ts';
import type { ThreadData, Told } from './search-wire.ts';

// Only `SearchWorker` starts this thread, and gives it exactly this.
const data = workerData as ThreadData;
const tell = (told: Told) => parentPort?.postMessage(told);
const answer = data.role === 'keeper' ? keepInThread(data, tell) : findInThread(data);

// Only `SearchWorker` writes to this thread, and only what its role is asked.
parentPort?.on('message', async (request: Parameters<typeof answer>[0] & { id: number }) => {
  try {
    tell({ type: 'answer', id: request.id, answer: await answer(request as never) });
  } catch (error) {
    const isConflict = error instanceof Error && 'code' in error && error.code === 'conflict';
    tell({ type: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error), isConflict });
  }
});
tell({ type: 'ready' });
