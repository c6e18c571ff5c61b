/**
 * `npm start` and `npm test` on a machine with nothing but Node 20 or newer and npm: installs the dependencies when the
 * lockfile has changed, puts the Node of this repository first on PATH, and runs the steps.
 * Runs on the user's own Node before anything is installed, so it is plain JavaScript and imports no package.
 *   node scripts/bootstrap.mjs start [options of scripts/editor.ts]
 *   node scripts/bootstrap.mjs test [names of steps]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const root = dirname(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.agor-lockfile-hash');

/** In this order; a step after a failed build would only test the build before it. */
const testSteps = [
  { name: 'types', script: 'typecheck' },
  { name: 'lint', script: 'lint' },
  { name: 'build', script: 'build', needed: true },
  { name: 'unit', script: 'test:unit' },
  { name: 'integration', script: 'test:integration' },
  { name: 'faults', script: 'test:faults', args: ['--short'] },
  { name: 'editor', script: 'editor:install', needed: true },
  { name: 'host', script: 'test:host' },
  { name: 'e2e', script: 'test:e2e' },
];

process.chdir(root);
const [command, ...rest] = process.argv.slice(2);
if (command === 'start') process.exitCode = await start(rest);
else if (command === 'test') process.exitCode = await test(rest);
else {
  console.error('Usage: node scripts/bootstrap.mjs start|test');
  process.exitCode = 2;
}

async function start(options) {
  const installed = await install();
  if (installed !== 0) return installed;
  const built = await runNpm(['run', '--silent', 'build']);
  return built === 0 ? run('node', ['scripts/editor.ts', ...options]) : built;
}

async function test(names) {
  const unknown = names.filter((name) => !testSteps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown.join(', ')}. The steps are: ${testSteps.map((step) => step.name).join(', ')}.`);
    return 2;
  }
  const startedAt = Date.now();
  const results = [];
  for (const step of [{ name: 'install', needed: true }, ...testSteps.filter(({ name }) => names.length === 0 || names.includes(name))]) {
    const result = await runStep(step);
    results.push(result);
    if (step.needed && result.exitCode !== 0) break;
  }
  return report(results, Date.now() - startedAt);
}

async function runStep({ name, script, args = [] }) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const startedAt = Date.now();
  const exitCode = name === 'install' ? await install() : await runNpm(['run', '--silent', script, '--', ...args]);
  return { name, exitCode, tookMs: Date.now() - startedAt };
}

function report(results, tookMs) {
  console.log(`\n── result ${'─'.repeat(70)}`);
  for (const result of results) {
    console.log(`${result.exitCode === 0 ? '✔' : '✖'} ${result.name.padEnd(12)} ${seconds(result.tookMs).padStart(7)}`);
  }
  const failed = results.filter((result) => result.exitCode !== 0).map((result) => result.name);
  console.log(failed.length === 0 ? `All steps passed in ${seconds(tookMs)}.` : `Failed after ${seconds(tookMs)}: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Installs exactly what the lockfile says; install scripts of packages are never run. */
async function install() {
  const hash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    console.log('Installing the dependencies of package-lock.json.');
    const exitCode = await runNpm(['ci', '--ignore-scripts']);
    if (exitCode !== 0) return exitCode;
    writeFileSync(stamp, hash);
  }
  useOwnNode();
  return 0;
}

/** Node comes as a package for each platform; where there is none, the user's own is used and must be new enough. */
function useOwnNode() {
  const packaged = readdirSync(modules)
    .filter((name) => /^node-(bin-)?(linux|darwin|win)-/.test(name))
    .flatMap((name) => ['bin/node', 'bin/node.exe'].map((file) => join(modules, name, file)))
    .find((file) => existsSync(file));
  const folders = [join(modules, '.bin'), process.env.PATH];
  process.env.PATH = (packaged ? [dirname(packaged), ...folders] : folders).join(delimiter);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (packaged || major > 22 || (major === 22 && minor >= 18)) return;
  throw new Error(`There is no packaged Node for ${process.platform}-${process.arch}: run this with Node 22.18 or newer.`);
}

function runNpm(args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args]) : run('npm', args);
}

/** Resolves to the exit code. Ctrl+C reaches the child by itself; this process only has to outlive it. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', shell: process.platform === 'win32' && program === 'npm' });
    const forward = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
