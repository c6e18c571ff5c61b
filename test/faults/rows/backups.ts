/**
 * The backend is killed at times of chance while it makes a backup or a restore, and rows are written. No half backup is
 * ever listed, what was acknowledged holds, and after a restore everything is as before it or all of it as in the backup.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import { KillableBackend } from '../killable-backend.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';

const points = { short: 6, long: 200 };
/** As long as these take on a busy machine: some are cut off, some are not. */
const mostWaitMs = { create: 2_500, restore: 4_000 };
const keptBackups = 4;

type Act = 'create' | 'restore';
/** Numbers that only grow: the newest setting, whose change is audited in one database, and the newest view in the other. */
type State = { readonly setting: number; readonly view: number };
/** A backup was begun after all up to `least` was acknowledged, and ended before anything above `most` was sent. */
type Bounds = { readonly least: number; readonly most: number };

export const backups: Row = {
  name: 'backups',
  async run(context) {
    const world = new World(context);
    try {
      for (let point = 1; point <= (context.points ?? points[context.size]); point += 1) await world.killOnce();
      return world.figures();
    } finally {
      await world.end();
    }
  },
};

class World {
  readonly #random: Random;
  readonly #dataDir: string;
  readonly #backend: KillableBackend;
  readonly #tally = new Tally();
  readonly #bounds = new Map<string, Bounds>();
  readonly #outcomes = new Map<string, number>();
  #sent = 0;
  #acked = 0;

  constructor({ random, scratch, dist }: RowContext) {
    this.#random = random.fork();
    this.#dataDir = join(scratch, 'data');
    this.#backend = new KillableBackend({ dataDir: this.#dataDir, dist });
  }

  async killOnce(): Promise<void> {
    const connection = await this.#backend.connect();
    for (let row = 0; row < 3; row += 1) await this.#write(connection);
    const act: Act = this.#bounds.size > 0 && this.#random.chance(0.5) ? 'restore' : 'create';
    const least = this.#acked;
    const backup = this.#random.pick([...this.#bounds.keys(), '']);
    const done = this.#perform(connection, act, backup).then(
      () => true,
      () => false,
    );
    const writing = this.#writeUntilCut(connection);
    // Also after its end now and then, which for a restore is the next backend's beginning.
    await Promise.race([delay(this.#random.below(mostWaitMs[act])), ...(this.#random.chance(0.5) ? [done] : [])]);
    await this.#backend.kill();
    await writing;
    this.#tally.points += 1;
    await this.#judge(act, { wasAcked: await done, backup, bounds: { least, most: this.#sent } });
  }

  figures(): Figures {
    this.#tally.acked = this.#acked;
    return this.#tally.figures([[...this.#outcomes].map(([outcome, times]) => `${outcome} ${times} times`).join(', ')]);
  }

  async end(): Promise<void> {
    await this.#backend.kill();
  }

  async #perform({ call }: Connection, act: Act, backup: string): Promise<unknown> {
    if (act === 'create') return call('backup/create', {});
    return call('backup/restore', { backup: backup || ([...this.#bounds.keys()][0] ?? '') });
  }

  async #write({ call }: Connection): Promise<void> {
    this.#sent += 1;
    const n = this.#sent;
    await call('settings/put', { values: { 'messages.perMinute': n } });
    await call('view/put', { view: 'faults', key: 'newest', state: `${n}` });
    this.#acked = n;
  }

  async #writeUntilCut(connection: Connection): Promise<void> {
    try {
      for (;;) {
        await this.#write(connection);
        await delay(this.#random.below(20));
      }
    } catch {
      // The backend is gone.
    }
  }

  async #judge(act: Act, { wasAcked, backup, bounds }: { wasAcked: boolean; backup: string; bounds: Bounds }): Promise<void> {
    const connection = await this.#backend.connect();
    const where = `after ${act}, ${wasAcked ? 'acknowledged' : 'cut off'}`;
    const state = await this.#state(connection);
    if (state.setting - state.view > 1 || state.view > state.setting)
      this.#lose(`${where}, the databases are of two moments: ${JSON.stringify(state)}`);
    const isOld = state.view >= this.#acked;
    this.#count(
      `${act} ${wasAcked ? 'acknowledged' : 'cut off'}${act === 'restore' ? (isOld ? ', as before' : ', as in the backup') : ''}`,
    );
    if (act === 'create' && !isOld) this.#lose(`${where}, ${this.#acked - state.view} rows are gone`);
    if (act === 'restore') this.#judgeRestore(state, { isOld, wasAcked, where, backup });
    await this.#judgeList(connection, { act, wasAcked, where, bounds });
    const { breaks } = await connection.call('audit/verify', {});
    for (const { detail } of breaks) this.#tally.problem(`${where}: ${detail}`);
    const { problems } = await connection.call('health/get', {});
    for (const problem of problems) this.#tally.problem(`${where}, the backend says: ${problem}`);
    // What was given up by the restore is no loss from here on.
    this.#acked = Math.max(state.view, 0);
    this.#sent = Math.max(state.setting, this.#sent);
  }

  #judgeRestore(
    state: State,
    { isOld, wasAcked, where, backup }: { isOld: boolean; wasAcked: boolean; where: string; backup: string },
  ): void {
    const dataDir = this.#dataDir;
    if (existsSync(join(dataDir, 'restoring'))) this.#tally.problem(`${where}, the restore is neither ended nor taken back`);
    if (isOld && !wasAcked) return;
    const bounds = this.#bounds.get(backup || ([...this.#bounds.keys()][0] ?? ''));
    if (!bounds) return;
    if (state.view < bounds.least || state.setting > bounds.most)
      this.#lose(`${where}, it is neither as before nor as in the backup: ${JSON.stringify({ state, bounds })}`);
    const kept = readdirSync(dataPaths(dataDir).quarantine).sort().at(-1) ?? '';
    const files = readdirSync(join(dataPaths(dataDir).quarantine, kept));
    if (!files.includes('sessions.db') || !files.includes('btmsg.db'))
      this.#lose(`${where}, what was there is not kept: ${files.join(', ')}`);
  }

  async #judgeList(
    { call }: Connection,
    { act, wasAcked, where, bounds }: { act: Act; wasAcked: boolean; where: string; bounds: Bounds },
  ): Promise<void> {
    const { backups: listed, unusable } = await call('backup/list', {});
    for (const { name, problem } of unusable) this.#tally.problem(`${where}, ${name} is listed and cannot be used: ${problem}`);
    const fresh = listed.filter(({ id }) => !this.#bounds.has(id));
    if (act === 'create' && wasAcked && fresh.length === 0) this.#lose(`${where}, there is no backup`);
    for (const { id } of fresh) {
      this.#bounds.set(id, bounds);
      const { problems } = await call('backup/verify', { backup: id });
      for (const problem of problems) this.#lose(`${where}, ${id}: ${problem}`);
    }
    for (const { id, path } of listed.slice(keptBackups)) {
      rmSync(path, { recursive: true });
      this.#bounds.delete(id);
    }
  }

  async #state({ call }: Connection): Promise<State> {
    const { records } = await call('audit/list', { events: ['settings_changed'], limit: 1 });
    const { state } = await call('view/get', { view: 'faults', key: 'newest' });
    return { setting: Number(records[0]?.detail['messages.perMinute'] ?? 0), view: Number(state ?? 0) };
  }

  #count(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  #lose(what: string): void {
    this.#tally.lost += 1;
    this.#tally.problem(what);
  }
}
