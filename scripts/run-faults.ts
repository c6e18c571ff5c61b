/**
 * Runs the rows of the fault matrix over the built programs and prints one line for each: points, acknowledged, lost,
 * duplicates, seconds. A row that lacks what it needs is skipped by name, which test/skips.json must allow.
 *   node scripts/run-faults.ts [row …] [--short] [--seed <n>] [--points <n>] [--dist <folder>]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClaims } from '../test/faults/open-claims.ts';
import { Random } from '../test/faults/random.ts';
import type { Claim, Figures, Row } from '../test/faults/row.ts';
import { rows } from '../test/faults/rows.ts';
import { sideBySide } from '../test/faults/side-by-side.ts';
import { root } from './environment.ts';
import { endProcesses, processesOf } from './processes.ts';

const endGraceMs = 2_000;
const shownChars = 400;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, points: { type: 'string' }, dist: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const size = values.short ? 'short' : 'long';
const wanted = positionals.length === 0 ? rows.filter(({ onlyLong }) => size === 'long' || !onlyLong) : positionals.map(rowNamed);
const skips: { test: string }[] = JSON.parse(await readFile(join(root, 'test/skips.json'), 'utf8'));
const temporary = await mkdtemp(join(tmpdir(), 'agor-f-'));
process.env.TMPDIR = temporary;
// Nothing that was declared on this machine plays a part.
process.env.AGOR_CONFIG_DIR = join(temporary, 'config', 'agor');

for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const) process.once(event, breakOff);

console.log(`faults: ${size} form, seed ${seed}`);
await cp(values.dist ?? join(root, 'dist'), join(temporary, 'dist'), { recursive: true });
// A short form shares the machine with itself: many rows mostly wait.
await sideBySide(wanted, size === 'short' ? 2 : 1, async (row) => {
  for (const complaint of await complaintsOf(row)) complain(complaint);
});
for (const complaint of openOnes('all', [await tidiness()])) complain(complaint);
await tidyUp();

/** Whatever ends it, nothing of it goes on. */
async function breakOff(why: unknown): Promise<void> {
  complain(`broken off: ${why instanceof Error ? why.stack : why}`);
  await tidyUp();
  process.exit(1);
}

async function tidyUp(): Promise<void> {
  for (const { pid, command } of await endLeftovers()) complain(`left running: ${pid} ${command.slice(0, 200)}`);
  unmountBelow(temporary);
  await rm(temporary, { recursive: true, force: true });
}

/** A small file system that a row has filled, if it was broken off before it could let go of it. */
function unmountBelow(folder: string): void {
  if (process.platform !== 'linux') return;
  const mounted = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? []);
  for (const path of mounted.filter((mount) => mount.startsWith(`${folder}/`))) spawnSync('umount', [path]);
}

function rowNamed(name: string): Row {
  const row = rows.find((known) => known.name === name);
  if (row) return row;
  console.error(`There is no row "${name}". The rows are: ${rows.map((known) => known.name).join(', ')}.`);
  process.exit(2);
}

async function complaintsOf(row: Row): Promise<string[]> {
  const missing = (row.needs ?? []).filter((need) => !need.isThere()).map(({ what }) => what);
  if (missing.length > 0) return skip(row, missing.join(' and '));
  const scratch = join(temporary, row.name);
  await mkdir(scratch);
  const startedAt = performance.now();
  const context = {
    size,
    random: new Random(seed),
    scratch,
    dist: join(temporary, 'dist'),
    points: optionalNumber(values.points),
  } as const;
  const figures = await row.run(context).catch(brokenRow);
  print(row, figures, (performance.now() - startedAt) / 1000);
  await rm(scratch, { recursive: true, force: true });
  return [...figures.problems, ...openOnes(row.name, figures.claims ?? [])].map((what) => `${row.name}: ${what}`);
}

/** What a row did not expect is a failure of its own, and the rows after it run all the same. */
function brokenRow(error: unknown): Figures {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { points: 0, acked: 0, lost: 0, duplicates: 0, problems: [what] };
}

function skip({ name }: Row, needs: string): string[] {
  console.log(`- ${name.padEnd(16)} skipped: this machine has no ${needs}`);
  return skips.some(({ test }) => test === `faults: ${name}`)
    ? []
    : [`${name} was skipped, but test/skips.json does not list "faults: ${name}".`];
}

function print({ name }: Row, { points, acked, lost, duplicates, problems, notes = [] }: Figures, seconds: number): void {
  const isFine = lost === 0 && duplicates === 0 && problems.length === 0;
  const figures = `points ${points}  acked ${acked}  lost ${lost}  duplicates ${duplicates}  seconds ${seconds.toFixed(1)}`;
  console.log([`${isFine ? '✔' : '✖'} ${name.padEnd(16)} ${figures}`, ...notes].join('  · '));
  if (!isFine) process.exitCode = 1;
}

/**
 * What is known to be missing does not fail a run. What is no longer missing fails a long one until the list says so; in
 * a short one it may just have been lucky.
 */
function openOnes(row: string, claims: readonly Claim[]): string[] {
  return claims.flatMap((claim) => {
    const isOpen = openClaims.includes(`${row}: ${claim.name}`);
    const told = `${claim.name}: ${claim.detail.split('\n')[0]?.slice(0, shownChars)}`;
    if (!claim.holds && isOpen) console.log(`  ○ ${told}`);
    if (!claim.holds && !isOpen) return [told];
    return claim.holds && isOpen && size === 'long' && positionals.length === 0
      ? [`"${claim.name}" holds now: take it off test/faults/open-claims.ts`]
      : [];
  });
}

function complain(what: string): void {
  console.error(`  ✖ ${what}`);
  process.exitCode = 1;
}

async function endLeftovers() {
  const left = processesOf(temporary);
  if (left.length > 0) await endProcesses(() => processesOf(temporary), endGraceMs);
  return left;
}

/** What is killed cannot tidy up after itself, so it must put things where the next one finds them. */
async function tidiness(): Promise<Claim> {
  const left = (await readdir(temporary)).filter((name) => name.startsWith('agor-'));
  return { name: 'nothing is left in the temporary folder', holds: left.length === 0, detail: left.join(', ') };
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
