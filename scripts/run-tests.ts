/**
 * Runs the test files below a folder, or single ones, with Node's test runner, and holds what it cannot: a test may be
 * skipped only when test/skips.json names it, and no process or temporary folder may be left behind.
 *   node scripts/run-tests.ts test/unit [test/unit/base/backoff.test.ts …] [--name <pattern>] [--concurrency <n>]
 */
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { root } from './environment.ts';
import { endProcesses, processesOf } from './processes.ts';

type Skip = { test: string; needs: string };

const fileTimeoutMs = 300_000;
const endGraceMs = 2_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, concurrency: { type: 'string', default: '2' } },
});
process.chdir(root);
const files = positionals.flatMap(testFilesOf);
if (files.length === 0) {
  console.error(`There are no test files in ${positionals.join(', ')}.`);
  process.exit(1);
}
await runAll();

async function runAll(): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'agor-t-'));
  process.env.TMPDIR = temporary;
  // No test reads what its developer has declared.
  process.env.AGOR_CONFIG_DIR = join(temporary, 'config', 'agor');
  const skipped = await runFiles();
  const complaints = [...unlistedSkips(skipped), ...(await endLeftovers(temporary)), ...leftFolders(temporary)];
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
  for (const complaint of complaints) console.error(`✖ ${complaint}`);
  if (complaints.length > 0) process.exitCode = 1;
}

/** Answers the names of the tests that were skipped. */
async function runFiles(): Promise<string[]> {
  const skipped: string[] = [];
  const tests = run({
    files,
    concurrency: Number(values.concurrency),
    timeout: fileTimeoutMs,
    ...(values.name ? { testNamePatterns: [values.name] } : {}),
  });
  tests.on('test:fail', ({ todo }) => {
    if (todo === undefined) process.exitCode = 1;
  });
  tests.on('test:pass', ({ name, skip, todo }) => {
    if (skip !== undefined || todo !== undefined) skipped.push(name);
  });
  for await (const text of tests.compose(new spec())) process.stdout.write(text);
  return skipped;
}

function unlistedSkips(skipped: readonly string[]): string[] {
  const listed = JSON.parse(readFileSync('test/skips.json', 'utf8')) as Skip[];
  const unlisted = skipped.filter((name) => !listed.some((skip) => skip.test === name));
  return unlisted.map((name) => `"${name}" was skipped, but test/skips.json does not list it.`);
}

async function endLeftovers(temporary: string): Promise<string[]> {
  const left = processesOf(temporary);
  if (left.length > 0) await endProcesses(() => processesOf(temporary), endGraceMs);
  return left.map(({ pid, command }) => `The tests left a process running: ${pid} ${command.slice(0, 200)}`);
}

/** What a trial of the sandbox leaves when a test kills it on its way; the next one removes it. */
function isOfKilledTrial(name: string): boolean {
  return /^agor-(canary|fence)-/.test(name);
}

/** Only our own: the browser and VS Code keep caches of theirs there. */
function leftFolders(temporary: string): string[] {
  const names = readdirSync(temporary).filter((name) => name.startsWith('agor-') && !isOfKilledTrial(name));
  return names.map((name) => `The tests left a temporary folder behind: ${name}`);
}

function testFilesOf(place: string): string[] {
  if (statSync(place, { throwIfNoEntry: false })?.isFile()) return [place];
  return globSync(`${place}/**/*.test.ts`).sort();
}
