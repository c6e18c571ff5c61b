/** MAIN of the search thread: looks for what was changed, and answers what the backend asks. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openReadOnly } from '../store/read-only.ts';
import { Names } from './names.ts';
import { SearchKeeper } from './search-keeper.ts';
import type { Answers, Ask, Progress, Request, ThreadData, Told } from './search-wire.ts';
import { sourcesOf } from './sources.ts';

const lookEveryMs = 1_000;
const tellEveryMs = 200;

// Only `Search` starts this thread, and gives it exactly this.
const { searchDb, sessionsDb, btmsgDb, lastPlaces } = workerData as ThreadData;
const tell = (told: Told) => parentPort?.postMessage(told);
const [sessions, btmsg] = [openReadOnly(sessionsDb), openReadOnly(btmsgDb)];
const names = new Names(sessions, btmsg);
const keeper = new SearchKeeper({
  path: searchDb,
  sources: sourcesOf({ sessions, btmsg, names }),
  names,
  lastPlaces,
  pause: () => nextTurn(),
  news: (message) => tell({ type: 'news', message }),
});
let problem: string | null = null;
let toldAt = 0;

// Only `Search` writes to this thread.
parentPort?.on('message', (request: Request) => void answer(request));
void follow();

/** Quickly while there is something, else now and then; a search looks by itself. */
async function follow(): Promise<void> {
  const hasMoved = lookedAt();
  if (hasMoved) await nextTurn();
  setTimeout(() => void follow(), hasMoved ? 0 : lookEveryMs);
}

function lookedAt(): boolean {
  try {
    const hasMoved = keeper.step();
    if (problem !== null) tell({ type: 'problem', problem: null });
    problem = null;
    return hasMoved;
  } catch (error) {
    const found = `The search cannot take in what is new: ${messageOf(error)}`;
    if (found !== problem) tell({ type: 'problem', problem: found });
    problem = found;
    return false;
  }
}

async function answer({ id, ask }: Request): Promise<void> {
  try {
    tell({ type: 'answer', id, answer: await done(ask) });
  } catch (error) {
    tell({ type: 'failed', id, message: messageOf(error) });
  }
}

async function done(ask: Ask): Promise<Answers[Ask['do']]> {
  switch (ask.do) {
    case 'init':
      return keeper.state();
    case 'search':
      return keeper.search(ask.wish);
    case 'catchUp':
      while (keeper.step()) await nextTurn();
      return {};
    case 'rebuild':
      return keeper.rebuild(tellProgress);
    case 'cancelRebuild':
      keeper.cancelRebuild();
      return {};
  }
}

function tellProgress(progress: Progress): void {
  if (performance.now() - toldAt < tellEveryMs && progress.indexed < progress.total) return;
  toldAt = performance.now();
  tell({ type: 'progress', progress });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
