/**
 * The backend is killed at times of chance while old messages go into archives, out of the database, and free pages back
 * to the disk. After each kill every message is in the database or in an archive, in no two archives, and byte for byte as
 * it was; at the end all of the old ones are in archives, and nothing else is.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import { archiveEnding, archiveLines } from '../../../server/retention/archive-file.ts';
import { digestOf, lineOf, MessageRecord, MessageRecords } from '../../../server/retention/message-record.ts';
import { openReadOnly } from '../../../server/store/read-only.ts';
import { openStores } from '../../../server/stores.ts';
import { sayLongAgo } from '../../support/said-long-ago.ts';
import { KillableBackend } from '../killable-backend.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';

const points = { short: 5, long: 60 };
/** Enough that no run is over before it is cut off. */
const messagesAtOnce = 3_000;
/** Some are cut off while an archive is written, some while messages are removed, and some are over. */
const mostWaitMs = 5_000;
const ageMs = 200 * 24 * 60 * 60_000;
/** The last word of all stays where it is. */
const lastWord = 1;

export const retention: Row = {
  name: 'retention',
  async run(context) {
    const world = new World(context);
    try {
      for (let point = 1; point <= (context.points ?? points[context.size]); point += 1) await world.killOnce(point);
      return await world.figures();
    } finally {
      await world.end();
    }
  },
};

class World {
  readonly #random: Random;
  readonly #dataDir: string;
  readonly #backend: KillableBackend;
  readonly #paths: DataPaths;
  readonly #tally = new Tally();
  /** What each message was, by its id. */
  readonly #said = new Map<string, string>();
  #cutOff = 0;

  constructor({ random, scratch, dist }: RowContext) {
    this.#random = random.fork();
    this.#dataDir = join(scratch, 'data');
    this.#backend = new KillableBackend({ dataDir: this.#dataDir, dist });
    this.#paths = dataPaths(this.#dataDir);
  }

  async killOnce(point: number): Promise<void> {
    if (point === 1) await this.#begin();
    if (this.#left() < messagesAtOnce / 2) this.#sayMore();
    const { call } = await this.#backend.connect();
    const acked = call('retention/run', {}).then(
      () => true,
      () => false,
    );
    await Promise.race([delay(this.#random.below(mostWaitMs)), acked]);
    await this.#backend.kill();
    this.#tally.points += 1;
    if (await acked) this.#tally.acked += 1;
    else this.#cutOff += 1;
    await this.#judge(`after kill ${point}`);
  }

  /** What was cut off the last time is ended by the next run. */
  async figures(): Promise<Figures> {
    const { call } = await this.#backend.connect();
    const { problems } = await call('retention/run', {});
    for (const problem of problems) this.#tally.problem(`the last run: ${problem}`);
    await this.#backend.kill();
    await this.#judge('at the end');
    const left = this.#left();
    if (left !== lastWord) this.#tally.problem(`${left} messages are in the database still, and only ${lastWord} should be`);
    return this.#tally.figures([`${this.#cutOff} runs cut off, ${this.#said.size} messages in ${this.#archives().length} archives`]);
  }

  end(): Promise<void> {
    return this.#backend.kill();
  }

  /** The backend makes the data directory. */
  async #begin(): Promise<void> {
    await this.#backend.connect();
    await this.#backend.kill();
  }

  #sayMore(): void {
    const stores = openStores(this.#paths);
    const records = new MessageRecords(stores.btmsg.db);
    for (const id of sayLongAgo(stores, messagesAtOnce, Date.now() - ageMs)) {
      const record = records.read(id);
      if (record) this.#said.set(id, digestOf(lineOf(record)));
    }
    stores.close();
  }

  async #judge(where: string): Promise<void> {
    this.#tally.nextStart(this.#dataDir, where);
    const archived = await this.#archived(where);
    const kept = this.#kept();
    for (const [id, digest] of this.#said) {
      const found = archived.get(id) ?? kept.get(id);
      if (found === digest) continue;
      this.#tally.lost += 1;
      this.#tally.problem(`${where}: the message ${id} is ${found === undefined ? 'gone' : 'another now'}`);
    }
  }

  /** By their ids, with their digests. */
  async #archived(where: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const name of this.#archives())
      for await (const line of archiveLines(join(this.#paths.archive, name))) {
        const { id } = MessageRecord.parse(JSON.parse(line));
        if (found.has(id)) {
          this.#tally.duplicates += 1;
          this.#tally.problem(`${where}: the message ${id} is in two archives`);
        }
        found.set(id, digestOf(line));
      }
    return found;
  }

  #archives(): string[] {
    try {
      return readdirSync(this.#paths.archive).filter((name) => name.endsWith(archiveEnding));
    } catch {
      // None was written yet.
      return [];
    }
  }

  #kept(): Map<string, string> {
    const db = openReadOnly(this.#paths.btmsgDb);
    const records = new MessageRecords(db);
    const ids = db.prepare<[], string>('select id from messages').pluck().all();
    const found = new Map(
      ids.flatMap((id): [string, string][] => {
        const record = records.read(id);
        return record ? [[id, digestOf(lineOf(record))]] : [];
      }),
    );
    db.close();
    return found;
  }

  #left(): number {
    const db = openReadOnly(this.#paths.btmsgDb);
    const left = db.prepare<[], number>('select count(*) from messages').pluck().get() ?? 0;
    db.close();
    return left;
  }
}
