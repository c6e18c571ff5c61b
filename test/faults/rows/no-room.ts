/**
 * No room and no right to write. What cannot be kept is refused in words and everything else goes on; with room again
 * it is accepted again, by the same backend.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { requests } from '../../../server/protocol/requests.ts';
import { reachesOrdinaryUser } from '../../support/ordinary-user.ts';
import { Ledger } from '../ledger.ts';
import { LiveBackend, StageVoice, type StartOptions } from '../live.ts';
import type { Claim, Need, Row, RowContext } from '../row.ts';
import { Stage, type StageFacts } from '../stage.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';
import { verbs } from '../verbs.ts';

const calls = { short: 60, long: 600 };
const tmpfsBytes = 4 * 1024 * 1024;
/** In units of 512 bytes. */
const fileLimitBlocks = 800;
/** Any user but the one who may do all. */
const otherUser = 65_534;
/** A backend looks after its files every second. */
const looksEveryMs = 1_500;

const isRoot = process.getuid?.() === 0;
const mounting: Need = { what: 'the right to mount a small file system', isThere: () => isRoot && process.platform === 'linux' };

/** A disk that fills up under a backend, is full for a while, and has room again. */
export const diskFull: Row = {
  name: 'disk-full',
  needs: [mounting],
  async run(context) {
    const template = await makeTemplate(context);
    const dataDir = join(context.scratch, 'small');
    mkdirSync(dataDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${tmpfsBytes}`, 'tmpfs', dataDir]);
    try {
      cpSync(template.copy('data'), dataDir, { recursive: true });
      const ballast = join(dataDir, 'ballast');
      writeFileSync(ballast, Buffer.alloc(tmpfsBytes - usedBytes(dataDir) - 256 * 1024));
      return await fillAndFree({ dist: context.dist, dataDir }, template.stages[0], { context, free: () => rmSync(ballast) });
    } finally {
      execFileSync('umount', [dataDir]);
    }
  },
};

/** A process that may write no file beyond some size. */
export const fileLimit: Row = {
  name: 'file-limit',
  needs: [{ what: 'a POSIX shell', isThere: () => existsSync('/bin/sh') }],
  async run(context) {
    const template = await makeTemplate(context);
    const dataDir = template.copy('data');
    const under = ['/bin/sh', '-c', `ulimit -f ${fileLimitBlocks}; exec "$@"`, 'sh'];
    return fillAndFree({ dist: context.dist, dataDir, under }, template.stages[0], { context, free: undefined });
  },
};

/** Folders and files that may not be written, as an ordinary user meets them. */
export const readOnly: Row = {
  name: 'read-only',
  needs: [{ what: 'repository that another user can read', isThere: reachesOrdinaryUser }],
  async run(context) {
    const template = await makeTemplate(context);
    const tally = new Tally();
    const claims: Claim[] = [];
    for (const [name, forbid] of Object.entries(forbidden)) {
      const dataDir = template.copy('data');
      if (isRoot) giveAway(dataDir, context.scratch);
      forbid(dataDir);
      // The second time it says the same as the first.
      const said = (await startAsOther({ dist: context.dist, dataDir })) ?? (await startAsOther({ dist: context.dist, dataDir }));
      claims.push({ name: `${name} is refused or told`, holds: said === undefined, detail: said ?? '' });
      tally.points += 1;
      allowAgain(dataDir);
    }
    return { ...tally.figures(), claims };
  },
};

const forbidden: Readonly<Record<string, (dataDir: string) => void>> = {
  'a data directory that may not be written': (dataDir) => chmodSync(dataDir, 0o555),
  'a database that may not be written': (dataDir) => chmodSync(dataPaths(dataDir).btmsgDb, 0o444),
  'a database that may not be read': (dataDir) => chmodSync(dataPaths(dataDir).sessionsDb, 0),
  'a folder of what runs that may not be written': (dataDir) => chmodSync(dataPaths(dataDir).run, 0o555),
};

type Course = { readonly context: RowContext; readonly free: (() => void) | undefined };

async function fillAndFree(start: StartOptions, facts: StageFacts, { context, free }: Course) {
  const tally = new Tally();
  const ledger = new Ledger();
  const backend = new LiveBackend(start);
  const stage = new Stage(facts);
  try {
    if (!(await backend.ready())) throw new Error(`the backend does not start: ${backend.stderr}`);
    const voice = new StageVoice(await backend.client());
    let refused = 0;
    for (let n = 1; n <= (context.points ?? calls[context.size]); n += 1)
      refused += await call({ n, stage, voice, ledger, tally, context });
    if (refused === 0) tally.problem('nothing was ever refused: there was room enough');
    await voice.call('agent/list', {});
    await delay(looksEveryMs);
    const { problems } = await voice.call('health/get', {});
    if (free) {
      free();
      const again = await call({ n: 1_000_000, stage, voice, ledger, tally, context });
      if (again > 0) tally.problem('with room again a call was still refused');
    }
    voice.close();
    await backend.kill();
    tally.acked = ledger.acked;
    tally.conserve(ledger, start.dataDir, { where: 'afterwards' });
    if (free) tally.nextStart(start.dataDir, 'afterwards');
    const claims = [{ name: 'health tells of it', holds: problems.length > 0, detail: 'calls are refused, and health names no problem' }];
    return { ...tally.figures([`${refused} refused in words`]), claims };
  } finally {
    await backend.kill();
  }
}

type Call = { n: number; stage: Stage; voice: StageVoice; ledger: Ledger; tally: Tally; context: RowContext };

/** 1 when it was refused. */
async function call({ n, stage, voice, ledger, tally, context }: Call): Promise<0 | 1> {
  const attempt = verbs
    .get(context.random.pick(['agent/prompt', 'view/put', 'agent/add']))
    ?.attempt(stage, { name: 'one', n }, context.random);
  if (!attempt) throw new Error('the table of verbs is empty');
  tally.points += 1;
  ledger.intend(attempt.entry);
  try {
    ledger.ack(attempt.entry, await attempt.perform(voice));
    return 0;
  } catch (error) {
    const isInWords = error instanceof AgorError && error.code === 'storage';
    if (!isInWords) tally.problem(`refused without a reason that a person can act on: ${error}`);
    return 1;
  }
}

/** Why it did not go as it should; undefined when it said why it cannot start, and ended, or runs and tells of it. */
async function startAsOther(start: StartOptions): Promise<string | undefined> {
  const backend = new LiveBackend({ ...start, ...(isRoot ? { user: otherUser } : {}) });
  if (await backend.ready()) {
    const client = await backend.client();
    await delay(looksEveryMs);
    const { problems } = requests['health/get'].result.parse(await client.request('health/get', {}));
    await backend.kill();
    return problems.length > 0 ? undefined : 'it runs as if nothing were';
  }
  await backend.exited;
  const last = backend.stderr.trim().split('\n').at(-1) ?? '';
  return /"code":"storage","message":"[^"]*(\/[^"]*)/.test(last) ? undefined : `it says ${last || 'nothing'}`;
}

function giveAway(dataDir: string, scratch: string): void {
  // The way to it must be open as well.
  for (const folder of [join(scratch, '..'), scratch]) chmodSync(folder, 0o755);
  for (const name of ['.', ...readdirSync(dataDir, { recursive: true, encoding: 'utf8' })])
    chownSync(join(dataDir, name), otherUser, otherUser);
}

function allowAgain(dataDir: string): void {
  for (const folder of [dataDir, dataPaths(dataDir).run]) chmodSync(folder, 0o755);
}

function usedBytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + Math.ceil(statSync(join(parentPath, name)).size / 4096) * 4096, 0);
}
