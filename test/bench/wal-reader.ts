/** A thread that reads a database in pages, one after the other, as whoever looks through much of it does. */
import { parentPort, workerData } from 'node:worker_threads';
import { openReadOnly } from '../../server/store/read-only.ts';
import { readerPause } from '../../server/store/reader-pause.ts';
import type { ReaderData } from './wal-policies.ts';

/** Between two pages. */
const restMs = 5;

// Only the bench starts this thread, and gives it exactly this.
const { path, holdMs, pause: memory } = workerData as ReaderData;
const db = openReadOnly(path);
const pause = readerPause(memory);
const count = db.prepare<[number], number>('select count(*) from ev where id > ?').pluck();
const idle = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

parentPort?.postMessage('ready');
for (;;) {
  // The transaction stays open for as long as a page takes.
  pause(() => {
    db.exec('begin');
    count.get(0);
    Atomics.wait(idle, 0, 0, holdMs);
    db.exec('commit');
  });
  Atomics.wait(idle, 0, 0, restMs);
}
