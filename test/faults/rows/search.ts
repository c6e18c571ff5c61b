/**
 * The backend is killed at times of chance while messages and tasks come in, rebuilds are asked for, and its index is
 * damaged, removed or put back between two lives. Afterwards everything there is is found, once.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import type { SearchAnswer } from '../../../server/protocol/search.ts';
import { searchMigrations } from '../../../server/search/search-tables.ts';
import { type Database, openDatabase } from '../../../server/store/open-database.ts';
import { openReadOnly } from '../../../server/store/read-only.ts';
import { KillableBackend } from '../killable-backend.ts';
import { prepareStage } from '../prepare-stage.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import type { StageFacts } from '../stage.ts';
import { Tally } from '../tally.ts';

const points = { short: 8, long: 200 };
const senders = 4;
/** Calls that are acknowledged in one life; by the clock there would be none on a busy machine. */
const mostWork = 60;
const mostWorkMs = 5_000;
/** Until the index has all, with nothing else to do. */
const patienceMs = 60_000;
const askedAfterwards = 200;

export const search: Row = {
  name: 'search',
  async run(context) {
    const world = new World(context);
    await world.prepare();
    try {
      for (let point = 1; point <= (context.points ?? points[context.size]); point += 1) await world.killOnce();
      await world.judge();
      return world.figures();
    } finally {
      await world.end();
    }
  },
};

class World {
  readonly #context: RowContext;
  readonly #random: Random;
  readonly #dataDir: string;
  readonly #backend: KillableBackend;
  readonly #indexPath: string;
  readonly #tally = new Tally();
  readonly #acked: string[] = [];
  readonly #harms = new Map<string, number>();
  #facts: StageFacts | undefined;
  #count = 0;

  constructor(context: RowContext) {
    this.#context = context;
    this.#random = context.random.fork();
    this.#dataDir = join(context.scratch, 'data');
    this.#backend = new KillableBackend({ dataDir: this.#dataDir, dist: context.dist });
    this.#indexPath = dataPaths(this.#dataDir).searchDb;
  }

  async prepare(): Promise<void> {
    const { call } = await this.#backend.connect();
    const voice = { call, append: () => Promise.reject(new Error('nobody plays a sidecar here')) };
    this.#facts = await prepareStage(voice, join(this.#context.scratch, 'stage'), 0);
  }

  async killOnce(): Promise<void> {
    const connection = await this.#backend.connect();
    const cut = Promise.all(Array.from({ length: senders }, () => this.#sendUntilCut(connection)));
    if (this.#random.chance(0.4)) void connection.call('search/rebuild', {}).catch(() => undefined);
    if (this.#random.chance(0.5)) void connection.call('search/all', { query: 'falcon', order: 'best' }).catch(() => undefined);
    await this.#untilSomeAreAcked(this.#acked.length + this.#random.below(mostWork));
    await delay(this.#random.below(30));
    await this.#backend.kill();
    await cut;
    this.#tally.points += 1;
    this.#harm();
  }

  async judge(): Promise<void> {
    const connection = await this.#backend.connect();
    await this.#untilAllIsIn(connection);
    this.#tally.acked = this.#acked.length;
    for (const word of this.#random.some(this.#acked, askedAfterwards)) {
      const hits = await hitsOf(connection, word);
      if (hits === 0) this.#tally.lost += 1;
      if (hits > 1) this.#tally.duplicates += 1;
      if (hits !== 1) this.#tally.problem(`"${word}" was acknowledged, and is found ${hits} times`);
    }
    await this.#backend.stop();
    this.#compare();
  }

  figures(): Figures {
    const harms = [...this.#harms].map(([what, times]) => `${what} ${times} times`);
    return this.#tally.figures([`the index between two lives: ${harms.join(', ')}`]);
  }

  async end(): Promise<void> {
    await this.#backend.stop();
  }

  async #untilSomeAreAcked(count: number): Promise<void> {
    const giveUpAt = performance.now() + mostWorkMs;
    while (this.#acked.length < count && performance.now() < giveUpAt) await delay(2);
  }

  async #sendUntilCut({ call }: Connection): Promise<void> {
    const facts = this.#facts;
    for (;;) {
      this.#count += 1;
      const word = `falcon${this.#count}`;
      try {
        if (!facts || this.#random.chance(0.3)) await call('task/add', { title: `falcon ${word}`, team: facts?.project ?? '' });
        else await call('message/send', { to: facts.pausedAgent, text: `falcon ${word} ${this.#random.text(200)}` });
        this.#acked.push(word);
      } catch {
        // The backend is gone under it; whether it was kept nobody knows, and nobody was told that it was.
        return;
      }
    }
  }

  /** What may happen to a file that is never of record. */
  #harm(): void {
    const [path, kept] = [this.#indexPath, `${this.#indexPath}.kept`];
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
    const harms: Readonly<Record<string, () => void>> = {
      'left alone': () => {},
      removed: () => removeIndex(path),
      'cut short': () => truncateSync(path, this.#random.below(readFileSync(path).length)),
      'changed in places': () => writeFileSync(path, this.#changed(readFileSync(path))),
      'made a folder': () => {
        removeIndex(path);
        mkdirSync(path);
      },
      'put back as it was before': () => {
        if (!existsSync(kept)) return void copyFileSync(path, kept);
        removeIndex(path);
        copyFileSync(kept, path);
      },
    };
    const what = this.#random.chance(0.5) ? 'left alone' : this.#random.pick(Object.keys(harms));
    harms[what]?.();
    this.#harms.set(what, (this.#harms.get(what) ?? 0) + 1);
  }

  #changed(bytes: Buffer): Buffer {
    // In the header, so that it shows: SQLite keeps no sums of its pages, and what shows later is made anew later.
    this.#random.bytes(16).copy(bytes, this.#random.below(80));
    return bytes;
  }

  async #untilAllIsIn({ call }: Connection): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const { waiting } = await call('search/init', {});
      if (waiting === 0) return;
      if (performance.now() > giveUpAt) return this.#tally.problem(`after ${patienceMs} ms ${waiting} rows still wait to be taken in`);
      await delay(20);
    }
  }

  /** Row by row with the database, also what was never acknowledged; and the index with its own documents. */
  #compare(): void {
    const { btmsgDb, searchDb } = dataPaths(this.#dataDir);
    const [records, index] = [openReadOnly(btmsgDb), openDatabase(searchDb, { durability: 'normal', migrations: searchMigrations })];
    const pairs = [
      ['messages', 'select id from messages', 'select id from btmsg_documents'],
      ['tasks', 'select id from tasks where removed_at is null', 'select id from task_documents'],
      ['rows of the audit log', `select cast(seq as text) from audit_log where event <> 'heartbeat'`, 'select id from audit_documents'],
    ] as const;
    for (const [what, there, found] of pairs) {
      const [kept, indexed] = [new Set(ids(records, there)), new Set(ids(index, found))];
      const missing = [...kept].filter((id) => !indexed.has(id)).length;
      const foreign = [...indexed].filter((id) => !kept.has(id)).length;
      this.#tally.lost += missing;
      if (missing + foreign > 0) this.#tally.problem(`of the ${what} ${missing} are missing in the index, and ${foreign} are only there`);
    }
    for (const table of ['search_btmsg', 'search_tasks', 'search_audit', 'search_messages']) {
      try {
        index.exec(`insert into ${table} (${table}, rank) values ('integrity-check', 1)`);
      } catch (error) {
        this.#tally.problem(`${table} does not fit its documents: ${error}`);
      }
    }
    records.close();
    index.close();
  }
}

async function hitsOf({ call }: Connection, word: string): Promise<number> {
  const { groups }: SearchAnswer = await call('search/all', { query: word, groups: ['tasks', 'communications'] });
  return groups.reduce((sum, { hits }) => sum + hits.length, 0);
}

function ids(db: Database, sql: string): string[] {
  return db.prepare<[], string>(sql).pluck().all();
}

function removeIndex(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true, recursive: true });
}
