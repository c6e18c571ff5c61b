/**
 * Soak: agents that work and talk, callers, and a fault each minute, for half an hour or as long as is asked. Writes the
 * readings as tables and curves into test-output/soak, and says whether memory, descriptors and write-ahead logs stay
 * flat and whether anything that was acknowledged is lost. Runs unattended, with low priority. Linux only.
 *   npm run soak
 *   npm run soak -- --minutes 120 --agents 8 --pace 2 --fault-seconds 60 --seed 7 --out <folder>
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/environment.ts';
import { endProcesses, processesOf } from '../../scripts/processes.ts';
import { nextStart } from '../faults/next-start.ts';
import { Random } from '../faults/random.ts';
import { curveSheet } from './curve-sheet.ts';
import { savePicture } from './picture.ts';
import { faultsTable, readingsTable } from './reading.ts';
import { type Course, soakFor } from './soak-course.ts';
import { SoakWorld } from './soak-world.ts';
import { judge, judgedLine } from './verdict.ts';

const niceness = 10;
const readEveryMs = 5_000;
const callEveryMs = 400;
const promptEveryMs = 3_000;
/** What runs has its end within this, before everything is looked for. */
const restMs = 5_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    agents: { type: 'string', default: '4' },
    'fault-seconds': { type: 'string', default: '60' },
    pace: { type: 'string', default: '1' },
    seed: { type: 'string' },
    out: { type: 'string', default: join(root, 'test-output', 'soak') },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});
if (process.platform !== 'linux') {
  console.error('The soak reads memory and descriptors from /proc, which only Linux has.');
  process.exit(2);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const scratch = mkdtempSync(join(tmpdir(), 'agor-soak-'));
// Everything that is started inherits it, so that other work on the machine goes first.
setPriority(niceness);
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(event, () => void leave(130));
process.exitCode = await main().catch((error: unknown) => {
  console.error(`✖ ${error instanceof Error ? error.stack : error}`);
  return 1;
});
await tidyUp();

async function main(): Promise<number> {
  const dist = join(scratch, 'dist');
  cpSync(values.dist, dist, { recursive: true });
  console.log(`soak: ${values.minutes} minutes, ${values.agents} agents, a fault every ${values['fault-seconds']} s, seed ${seed}`);
  const random = new Random(seed);
  const world = await SoakWorld.open({ dist, scratch, agents: Number(values.agents), random: random.fork(), ...pauses() });
  try {
    const course = await soakFor(world, {
      durationMs: Number(values.minutes) * 60_000,
      faultEveryMs: Number(values['fault-seconds']) * 1_000,
      readEveryMs,
      random: random.fork(),
      onFault: ({ atMs, name }) => console.log(`  ${String(Math.round(atMs / 1000)).padStart(5)} s  ${name}`),
    });
    await save(course);
    await world.rest();
    await new Promise((done) => setTimeout(done, restMs));
    world.look('all', 'at the end');
    const { problems } = await world.backend.call('health/get', {});
    for (const problem of problems) world.problem(`the backend says: ${problem}`);
    return verdict(course, world);
  } finally {
    await world.close();
    for (const problem of nextStart(world.dataDir)) console.error(`✖ at the next start: ${problem}`);
  }
}

/** At twice the pace, half the pauses. */
function pauses() {
  const pace = Number(values.pace);
  return { callEveryMs: callEveryMs / pace, promptEveryMs: promptEveryMs / pace };
}

async function save({ readings, faults }: Course): Promise<void> {
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'readings.csv'), readingsTable(readings));
  writeFileSync(join(out, 'faults.csv'), faultsTable(faults));
  const title = `Soak: ${values.minutes} min, ${values.agents} agents, ${faults.length} faults, seed ${seed}`;
  const svg = curveSheet(readings, faults, title);
  writeFileSync(join(out, 'curves.svg'), svg);
  const picture = join(out, 'curves.png');
  await savePicture(svg, picture).then(
    () => console.log(`curves: ${picture}`),
    (error: unknown) => console.log(`curves: ${join(out, 'curves.svg')}; there is no PNG of them: ${error}`),
  );
}

function verdict({ readings }: Course, world: SoakWorld): number {
  const judged = judge(readings);
  const { acked, lost, duplicates, problems } = world.figures();
  for (const one of judged) console.log(judgedLine(one));
  console.log(`acknowledged ${acked}  lost ${lost}  duplicates ${duplicates}  starts of the backend ${world.backend.starts}`);
  for (const problem of problems) console.error(`✖ ${problem}`);
  const isPassed = judged.every(({ isFine }) => isFine) && lost === 0 && duplicates === 0 && problems.length === 0;
  writeFileSync(
    join(values.out, 'verdict.json'),
    `${JSON.stringify({ seed, isPassed, judged, acked, lost, duplicates, problems }, null, 2)}\n`,
  );
  console.log(isPassed ? '✔ The soak was passed.' : '✖ The soak was not passed.');
  return isPassed ? 0 : 1;
}

async function leave(code: number): Promise<void> {
  await tidyUp();
  process.exit(code);
}

async function tidyUp(): Promise<void> {
  await endProcesses(() => processesOf(scratch), 5_000);
  rmSync(scratch, { recursive: true, force: true });
}
