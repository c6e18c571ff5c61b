/**
 * Runs the benches, several times each and in turns, prints every figure beside its target, and keeps the medians in
 * `test-output/bench.json`; what other benches found before stays in it.
 *   npm run bench -- [name …] [--rounds 3] [--size <n>] [--strict]
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/environment.ts';
import { type BenchFigure, figureIn, type MeasuredFigure, medianFigures } from './bench-figure.ts';
import { figureTable } from './figure-table.ts';

const suffix = '-bench.ts';
const outputFile = join(root, 'test-output', 'bench.json');
const known = readdirSync(import.meta.dirname).flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    /** Handed to the benches, each of which knows what it counts. */
    size: { type: 'string' },
    /** Ends with 1 when a target is missed, not only when a bench fails. */
    strict: { type: 'boolean', default: false },
  },
});
for (const name of positionals) {
  if (!known.includes(name)) throw new Error(`There is no bench "${name}". Known: ${known.join(', ')}.`);
}
const names = positionals.length > 0 ? positionals : known;

const runs = new Map<string, MeasuredFigure[]>(names.map((name) => [name, []]));
const failed: string[] = [];
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const name of names) {
    console.log(`${name}, round ${round} of ${values.rounds}, load ${loadavg()[0]?.toFixed(1)}`);
    const { figures, ended } = await runOnce(name);
    runs.get(name)?.push(...figures);
    if (ended !== 0) failed.push(`${name}, round ${round}: ended with ${ended}`);
  }
}

const now = new Date().toISOString();
const figures = [...runs].flatMap(([name, measured]) => medianFigures(name, measured, now));
await mkdir(join(root, 'test-output'), { recursive: true });
await writeFile(outputFile, `${JSON.stringify([...earlier(), ...figures], null, 2)}\n`);
console.log(`\n${figureTable(figures)}\n\n${outputFile}`);
for (const failure of failed) console.error(failure);
if (failed.length > 0 || (values.strict && figures.some(({ met }) => !met))) process.exitCode = 1;

/** What it prints for the reader is passed on as it comes. */
async function runOnce(name: string): Promise<{ figures: MeasuredFigure[]; ended: number | NodeJS.Signals | null }> {
  const program = join(import.meta.dirname, name + suffix);
  const size = values.size === undefined ? [] : ['--size', values.size];
  const child = spawn(process.execPath, [program, ...size], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const measured: MeasuredFigure[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = figureIn(line);
    if (figure) measured.push(figure);
    else console.log(`  ${line}`);
  }
  return { figures: measured, ended: await ended };
}

/** Of the benches that did not run now and still exist. */
function earlier(): BenchFigure[] {
  try {
    // The file is our own; the worst that another one does is a table that reads oddly.
    const before = JSON.parse(readFileSync(outputFile, 'utf8')) as BenchFigure[];
    return before.filter(({ bench }) => known.includes(bench) && !names.includes(bench));
  } catch {
    return [];
  }
}
