/**
 * Databases that come to harm while no backend runs. The next one refuses them or tells of it, keeps a copy, names the
 * file and the way out, says the same at the next try, and makes nothing anew where data was.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { conserve } from '../conserve.ts';
import { cutShort, type Damage, emptied, flipOneBit, garbage, headless, pageOfGarbage, removed } from '../damage.ts';
import { killOwner } from '../killable-backend.ts';
import { Ledger } from '../ledger.ts';
import { LiveBackend, openCli, playSidecar, recordSidecar, StageVoice } from '../live.ts';
import { nextStart } from '../next-start.ts';
import type { Claim, Row, RowContext } from '../row.ts';
import { Stage } from '../stage.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';
import { verbs } from '../verbs.ts';

const shortWholes = 5;
const flips = { short: { main: 15, log: 8 }, long: { main: 1_000, log: 300 } };
const callsBefore = 60;
/** The marks beside the databases are kept every second. */
const marksKeptMs = 1_500;

export const corrupt: Row = {
  name: 'corrupt',
  async run(context) {
    const subject = await Subject.prepare(context);
    const wholes = context.size === 'short' ? context.random.some(wholeCases, shortWholes) : wholeCases;
    for (const { of, file, damage } of wholes) await subject.refusesOrTells(of, file, damage);
    const { main, log } = flips[context.size];
    for (let flip = 0; flip < (context.points ?? main); flip += 1) subject.noticesFlip('ended', context.random.pick(databases));
    for (let flip = 0; flip < (context.points ?? log); flip += 1) subject.noticesFlip('killed', `${context.random.pick(databases)}-wal`);
    return subject.figures();
  },
};

/** `ended` in order: all is in the databases. `killed`: the last of it is in their logs. */
type State = 'ended' | 'killed';

const databases = ['sessions.db', 'btmsg.db'] as const;
const wholeCases: readonly { readonly of: State; readonly file: string; readonly damage: Damage }[] = databases.flatMap((file) => [
  ...[emptied, removed, garbage, headless].map((damage) => ({ of: 'ended' as const, file, damage })),
  ...[cutShort, pageOfGarbage].flatMap((damage) => Array(20).fill({ of: 'ended' as const, file, damage })),
  ...[emptied, removed, garbage, headless, cutShort].map((damage) => ({ of: 'killed' as const, file: `${file}-wal`, damage })),
  ...[emptied, removed, garbage].map((damage) => ({ of: 'killed' as const, file: `${file}-shm`, damage })),
  ...[emptied, removed, garbage].map((damage) => ({ of: 'ended' as const, file: `${file}.mark`, damage })),
]);

/** What a start comes to: it says why it refuses, it runs and tells what is wrong, or it runs as if nothing were. */
type Start =
  | { readonly kind: 'refused'; readonly sentence: string; readonly isTyped: boolean }
  | { readonly kind: 'told'; readonly sentence: string }
  | { readonly kind: 'silent' };

class Subject {
  readonly #context: RowContext;
  readonly #folder: Readonly<Record<State, string>>;
  readonly #ledger: Ledger;
  readonly #tally = new Tally();
  readonly #claims = new Map<string, { holds: boolean; detail: string; cases: number }>();
  #flips = 0;
  #harmful = 0;
  #noticed = 0;

  private constructor(context: RowContext, folder: Readonly<Record<State, string>>, ledger: Ledger) {
    this.#context = context;
    this.#folder = folder;
    this.#ledger = ledger;
  }

  static async prepare(context: RowContext): Promise<Subject> {
    const template = await makeTemplate(context);
    const [facts] = template.stages;
    const killed = template.copy('killed');
    const ledger = new Ledger();
    recordSidecar(killed, facts, null);
    const backend = new LiveBackend({ dist: context.dist, dataDir: killed });
    await backend.ready();
    const stage = new Stage(facts);
    const voice = new StageVoice(await backend.client(), { stage, sidecar: await playSidecar(killed, facts) });
    for (let n = 1; n <= callsBefore; n += 1) {
      const attempt = verbs.get(context.random.pick([...verbs.keys()]))?.attempt(stage, { name: 'one', n }, context.random);
      if (!attempt) throw new Error('the table of verbs is empty');
      ledger.intend(attempt.entry);
      ledger.ack(attempt.entry, await attempt.perform(voice));
    }
    await delay(marksKeptMs);
    await backend.kill();
    voice.close();
    rmSync(dataPaths(killed).runRecords, { recursive: true });
    const ended = join(context.scratch, 'ended');
    cpSync(killed, ended, { recursive: true });
    for (const problem of nextStart(ended)) throw new Error(`what is to be damaged is not whole: ${problem}`);
    return new Subject(context, { killed, ended }, ledger);
  }

  async refusesOrTells(of: State, file: string, damage: Damage): Promise<void> {
    const dataDir = this.#copyOf(of);
    const path = join(dataDir, file);
    if (!existsSync(path)) return;
    damage.do(path, this.#context.random);
    const before = fingerprint(path);
    const first = await this.#start(dataDir);
    const name = `${file} ${damage.name}`;
    if (first.kind === 'refused') {
      this.#claim('a refusal is in words', first.isTyped, `${name}: ${first.sentence}`);
      this.#claim('a refusal names the file and the way out', namesBoth(first.sentence, file), `${name}: ${first.sentence}`);
      if (before !== undefined) this.#claim('what was refused is left as it was', fingerprint(path) === before, name);
      const second = await this.#start(dataDir);
      this.#claim('a refusal is the same the next time', second.kind === 'refused' && second.isTyped, `${name}: ${JSON.stringify(second)}`);
      if (before !== undefined && damage !== emptied) this.#claim('a copy is kept of what is damaged', hasCopy(dataDir), name);
    } else {
      const harm = this.#harmTo(dataDir);
      this.#claim('what is lost is refused or told', first.kind === 'told' || harm === undefined, `${name}: ${harm}`);
      if (harm === undefined)
        this.#claim('nothing is told when nothing is lost', first.kind === 'silent', `${name}: ${JSON.stringify(first)}`);
    }
    this.#tally.points += 1;
  }

  /** In this process: hundreds of backends would say the same. */
  noticesFlip(of: State, file: string): void {
    const dataDir = this.#copyOf(of);
    const place = flipOneBit(join(dataDir, file), this.#context.random);
    const harm = this.#harmTo(this.#copyOf(of, dataDir));
    const isNoticed = nextStart(dataDir).length > 0;
    this.#tally.points += 1;
    this.#flips += 1;
    if (harm === undefined) return;
    this.#harmful += 1;
    if (isNoticed) this.#noticed += 1;
    this.#claim(`a flipped bit that changes ${whatIn(file, harm)} is noticed`, isNoticed, `${place} of ${file}: ${harm}`);
  }

  figures() {
    this.#tally.acked = this.#ledger.acked;
    const claims: Claim[] = [...this.#claims].map(([name, { holds, detail, cases }]) => ({
      name,
      holds,
      detail: `${detail} (of ${cases})`,
    }));
    return { ...this.#tally.figures([`${this.#flips} flips, ${this.#harmful} harmful, ${this.#noticed} of them noticed`]), claims };
  }

  async #start(dataDir: string): Promise<Start> {
    try {
      const connection = await openCli({ dataDir, dist: this.#context.dist });
      const { problems } = await connection.call('health/get', {});
      connection.close();
      return problems.length > 0 ? { kind: 'told', sentence: problems.join(' ') } : { kind: 'silent' };
    } catch (error) {
      const isTyped = error instanceof AgorError && error.code === 'storage';
      return { kind: 'refused', sentence: String(error), isTyped };
    } finally {
      await killOwner(dataDir);
    }
  }

  /** What of the acknowledged cannot be read any more; undefined when all can. */
  #harmTo(dataDir: string): string | undefined {
    try {
      const { lost, duplicates, problems } = conserve(this.#ledger, dataDir);
      return lost + duplicates > 0 ? problems.join('; ') : undefined;
    } catch (error) {
      return String(error);
    }
  }

  #copyOf(of: State, from = this.#folder[of]): string {
    const to = join(this.#context.scratch, from === this.#folder[of] ? 'damaged' : 'looked-at');
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    return to;
  }

  #claim(name: string, holds: boolean, detail: string): void {
    const known = this.#claims.get(name) ?? { holds: true, detail: '', cases: 0 };
    known.cases += 1;
    if (!holds && known.holds) known.detail = detail;
    known.holds &&= holds;
    this.#claims.set(name, known);
  }
}

/** What a view wants to find again, and what a person was told, is no record, and is kept without a hash. */
function whatIn(file: string, harm: string): string {
  if (harm.split('; ').every((problem) => /^(view\/put|notice\/)/.test(problem))) return 'what a view keeps';
  return file.endsWith('-wal') ? 'a write-ahead log' : 'a record';
}

function namesBoth(sentence: string, file: string): boolean {
  const database = file.replace(/(-wal|-shm|\.mark)$/, '');
  return sentence.includes(database) && /agor recover|restore/i.test(sentence);
}

function hasCopy(dataDir: string): boolean {
  return globSync(join(dataDir, 'quarantine', '**', '*.db*')).length > 0;
}

function fingerprint(path: string): string | undefined {
  return existsSync(path) ? `${basename(path)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}` : undefined;
}
