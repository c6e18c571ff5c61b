/** Ways to keep a write-ahead log short, each tried under the same writer and the same readers. */
import { systemClock } from '../../server/base/clock.ts';
import { Emitter } from '../../server/base/emitter.ts';
import { Checkpoints } from '../../server/retention/checkpoints.ts';
import { checkpoint } from '../../server/store/checkpoint.ts';
import type { Database } from '../../server/store/open-database.ts';
import { askReaders } from '../../server/store/reader-pause.ts';

export type ReaderData = { readonly path: string; readonly holdMs: number; readonly pause: SharedArrayBuffer };

export type Policy = {
  readonly name: string;
  readonly autocheckpoint: number;
  readonly readers: number;
  /** Called after each commit by whoever writes, and ended by what it returns. */
  readonly begin: (db: Database, pause: SharedArrayBuffer) => { readonly committed: () => void; readonly end: () => void };
};

const nothing = () => ({ committed: () => {}, end: () => {} });
const usualPages = 1_000;

function everySecond(work: (db: Database) => void): Policy['begin'] {
  return (db) => {
    const timer = setInterval(() => work(db), 1_000);
    return { committed: () => {}, end: () => clearInterval(timer) };
  };
}

export const bareWriter: Policy = { name: 'SQLite by itself, no readers', autocheckpoint: usualPages, readers: 0, begin: nothing };

export const product: Policy = {
  name: 'the product: readers wait for a moment',
  autocheckpoint: usualPages,
  readers: 2,
  begin: (db, pause) => {
    const committed = new Emitter<void>();
    const log = (message: string, fields: object) => console.log(message, fields);
    const checkpoints = new Checkpoints({ files: [{ db, committed }], clock: systemClock, askReaders: () => askReaders(pause), log });
    checkpoints.start();
    return { committed: () => committed.emit(), end: () => checkpoints.close() };
  },
};

export const others: readonly Policy[] = [
  { name: 'SQLite by itself', autocheckpoint: usualPages, readers: 2, begin: nothing },
  { name: 'no checkpoint', autocheckpoint: 0, readers: 2, begin: nothing },
  { name: 'passive each second', autocheckpoint: 0, readers: 2, begin: everySecond((db) => void checkpoint(db, 'passive')) },
  {
    name: 'truncate each second, waiting',
    autocheckpoint: 0,
    readers: 2,
    begin: everySecond((db) => {
      db.pragma('busy_timeout = 2000');
      db.pragma('wal_checkpoint(truncate)');
    }),
  },
  {
    name: 'truncate each second, not waiting',
    autocheckpoint: usualPages,
    readers: 2,
    begin: everySecond((db) => void checkpoint(db, 'truncate')),
  },
];
