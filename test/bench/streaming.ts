/**
 * Fifty demo agents that stream without pause, seen in a real VS Code: a chat, the board, the metrics and the audit log side
 * by side. Prints how the pages draw, beside an idle page of the same browser; what pages and backend hold over the time;
 * and how long the backend's event loop is held up.
 *   npm run bench:streaming            fifty agents, ten minutes
 *   npm run bench:streaming -- 10 1    ten agents, one minute
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../scripts/environment.ts';
import { endProcesses, listProcesses, processesOf, withDescendants } from '../../scripts/processes.ts';
import { copySample } from '../../scripts/sample.ts';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';
import type { Workbench } from '../support/workbench.ts';
import { quantile, shareOf, slope } from './figures.ts';
import { type Drawing, readFrames, watchFrames } from './page-frames.ts';
import { heldBytes } from './page-heap.ts';
import { processorSeconds } from './page-work.ts';

const sampleMs = 10_000;
const [agents = 50, minutes = 10] = process.argv.slice(2).map(Number);
const pages = { chat: 'agor-chat-page', board: 'agor-board-page', metrics: 'agor-metrics-page', audit: 'agor-audit-page' } as const;
type PageName = keyof typeof pages | 'idle page';

const home = mkdtempSync(join(tmpdir(), 'agor-bench-streaming-'));
const dataDir = join(home, 'data');
const folder = join(home, 'sample');
const loopFile = join(home, 'loop.jsonl');
copySample(folder);

const preload = join(import.meta.dirname, 'loop-delay.mjs');
mkdirSync(dataDir, { mode: 0o700 });
const backend = spawn(process.execPath, ['--import', preload, join(root, 'dist', 'backend.js'), dataDir], {
  stdio: ['ignore', 'ignore', 'inherit'],
  cwd: dataDir,
  env: { ...process.env, AGOR_BENCH_LOOP_FILE: loopFile },
});
// Whoever looks for a backend before this one is up starts another.
await until(() => existsSync(join(dataDir, 'run', 'owner.json')));
const connection = await openConnection({ dataDir, role: 'cli', distDir: join(root, 'dist') });
const editor = await startEditor({ folder, dataDir, settings: { 'agor.turns.max': 100, 'workbench.colorTheme': 'Default Dark Modern' } });
try {
  await measure();
} finally {
  await editor.stop();
  connection.close();
  await endProcesses(() => processesOf(home), 5_000);
  rmSync(home, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const names = await addAgents(connection);
  const window = await editor.openPage();
  await openPanels(window, names[0] ?? '');
  const frames = await watched(window);
  print(`Before: ${agents} agents, none of them at work`);
  await delay(sampleMs);
  printFrames([await readAll(frames)]);
  const stop = new AbortController();
  // Without the backend there is nothing to measure, and the next figure says so.
  const feeding = keepStreaming(connection, stop.signal).catch((error: unknown) =>
    print(`  The agents are not fed any more: ${String(error)}`),
  );
  print(`Streaming, after ${minutes} min`);
  const [held, worked] = [await heldBytes(window.page), await processorSeconds(window.page)];
  const [samples, heldMiB, workedBefore, begunAt]: [Sample[], number[], number, number] = [[], [], await worked(), Date.now()];
  for (const until = begunAt + minutes * 60_000; Date.now() < until; ) {
    // Once a minute, because a collection holds the pages up.
    if (samples.length % 6 === 0) heldMiB.push((await held()) / 1_048_576);
    await delay(sampleMs);
    samples.push(await sample(frames));
  }
  heldMiB.push((await held()) / 1_048_576);
  const workShare = ((await worked()) - workedBefore) / ((Date.now() - begunAt) / 1_000);
  printFrames(samples.map(({ drawings }) => drawings));
  print(`  held by the scripts of all pages after a collection, each minute, in MB: ${heldMiB.map((mib) => mib.toFixed(1)).join('  ')}`);
  printMemory(samples);
  printProcessor(samples);
  print(`  ${'of this, main thread of the pages'.padEnd(32)} ${(workShare * 100).toFixed(1).padStart(6)} %`);
  printLoop();
  await window.screenshot('bench-streaming');
  stop.abort();
  await feeding;
}

async function addAgents({ call }: Connection): Promise<string[]> {
  const names = Array.from({ length: agents }, (_, index) => `demo-${String(index + 1).padStart(2, '0')}`);
  await call('project/add', { path: folder, trusted: true });
  for (const name of names) {
    const environment = { AGOR_DEMO_STATE_DIR: join(home, 'demo') };
    const { id } = await call('agent/add', { project: 'sample', name, provider: 'demo', environment, sandboxMode: 'off' });
    await call('agent/start', { agent: id });
  }
  return names;
}

/** Four in a square, so that all of them draw. */
async function openPanels(window: Workbench, agent: string): Promise<void> {
  await window.page.setViewportSize({ width: 1_900, height: 1_200 });
  await Chat.open(window, agent);
  for (const [command, selector, place] of [
    ['Agor: Open Board', pages.board, 'View: Move Editor into Right Group'],
    ['Agor: Open Metrics', pages.metrics, 'View: Move Editor into Group Below'],
    ['Agor: Open Audit Log', pages.audit, 'View: Move Editor into Left Group'],
  ] as const) {
    await run(window, command);
    await window.webviewFrame(`${selector} main > *`);
    await run(window, place);
    await window.webviewFrame(`${selector} main > *`);
  }
  // The log went in front of the chat: it gets a place of its own below it.
  await run(window, 'View: Move Editor into Group Below');
  for (const selector of Object.values(pages)) await window.webviewFrame(selector);
}

/** A page that has just moved takes the keyboard, which closes the list of commands: then it is opened again. */
async function run(window: Workbench, title: string): Promise<void> {
  window.page.setDefaultTimeout(3_000);
  for (let trial = 0; trial < 5; trial += 1) {
    const isDone = await window.runCommand(title).then(
      () => true,
      () => false,
    );
    if (isDone) break;
    await window.page.keyboard.press('Escape');
  }
  window.page.setDefaultTimeout(30_000);
}

type Frames = ReadonlyMap<PageName, Parameters<typeof readFrames>[0]>;

async function watched(window: Workbench): Promise<Frames> {
  const frames = new Map<PageName, Parameters<typeof readFrames>[0]>();
  for (const [name, selector] of Object.entries(pages)) frames.set(name as PageName, await window.webviewFrame(selector));
  const idle = await window.page.context().newPage();
  await window.page.bringToFront();
  frames.set('idle page', idle);
  for (const frame of frames.values()) await watchFrames(frame);
  return frames;
}

/** Each agent gives one long answer after the other. */
async function keepStreaming({ call }: Connection, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { agents: all } = await call('agent/list', {});
    for (const { id, queuedPrompts } of all) if (queuedPrompts === 0) await call('agent/prompt', { agent: id, text: 'long' });
    await delay(5_000, undefined, { signal }).catch(() => undefined);
  }
}

type Drawings = ReadonlyMap<PageName, Drawing>;
type Figures = Readonly<Record<string, number>>;
type Sample = { readonly drawings: Drawings; readonly bytes: Figures; readonly processorMs: Figures };

async function sample(frames: Frames): Promise<Sample> {
  const drawings = await readAll(frames);
  const processes = programs();
  return {
    drawings,
    bytes: Object.fromEntries(Object.entries(processes).map(([name, pids]) => [name, sum(pids.map(residentBytes))])),
    processorMs: Object.fromEntries(Object.entries(processes).map(([name, pids]) => [name, sum(pids.map(processorMs))])),
  };
}

/** Processes by what they are. */
function programs(): Record<string, number[]> {
  const browser = withDescendants(listProcesses(), ({ parentPid }) => parentPid === process.pid);
  const ofType = (type: string) => browser.filter(({ command }) => command.includes(`--type=${type}`)).map(({ pid }) => pid);
  return {
    'browser: pages': ofType('renderer'),
    'browser: drawing without a GPU': ofType('gpu-process'),
    'extension host': editor.extensionHosts(),
    backend: backend.pid === undefined ? [] : [backend.pid],
  };
}

async function readAll(frames: Frames): Promise<Drawings> {
  const read = await Promise.all([...frames].map(async ([name, frame]) => [name, await readFrames(frame)] as const));
  return new Map(read);
}

function printFrames(samples: readonly Drawings[]): void {
  print('  frames           count   share ≤ 20 ms    p50     p95     max ms   elements');
  for (const name of samples[0]?.keys() ?? []) {
    const gaps = samples.flatMap((drawings) => drawings.get(name)?.gapsMs ?? []);
    const share = `${(shareOf(gaps, (gap) => gap <= 20) * 100).toFixed(1)} %`;
    const times = [quantile(gaps, 0.5), quantile(gaps, 0.95), Math.max(0, ...gaps)].map((ms) => ms.toFixed(1).padStart(7));
    const nodes = samples.at(-1)?.get(name)?.nodes ?? 0;
    print(`  ${name.padEnd(14)} ${String(gaps.length).padStart(7)} ${share.padStart(15)} ${times.join(' ')} ${String(nodes).padStart(10)}`);
  }
}

function printMemory(samples: readonly Sample[]): void {
  const perMinute = 60_000 / sampleMs;
  print('  memory                               first      last   MB   growth a minute, of the whole time and of its last half');
  for (const name of Object.keys(samples[0]?.bytes ?? {})) {
    const megabytes = samples.map(({ bytes }) => (bytes[name] ?? 0) / 1_048_576);
    const growth = [megabytes, megabytes.slice(Math.floor(megabytes.length / 2))].map((part) =>
      (slope(part) * perMinute).toFixed(2).padStart(8),
    );
    print(
      `  ${name.padEnd(32)} ${(megabytes[0] ?? 0).toFixed(1).padStart(9)} ${(megabytes.at(-1) ?? 0).toFixed(1).padStart(9)}      ${growth.join(' ')}`,
    );
  }
}

/** The machine may have others to work for: this is what our share of it was. */
function printProcessor(samples: readonly Sample[]): void {
  print('  processor, share of one core');
  for (const [name, first] of Object.entries(samples[0]?.processorMs ?? {})) {
    const spent = (samples.at(-1)?.processorMs[name] ?? 0) - first;
    print(`  ${name.padEnd(32)} ${((spent / ((samples.length - 1) * sampleMs)) * 100).toFixed(1).padStart(6)} %`);
  }
}

function printLoop(): void {
  const lines = readFileSync(loopFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<'p50' | 'p99' | 'max', number>);
  const recent = lines.slice(-Math.ceil((minutes * 60_000) / sampleMs));
  const of = (name: 'p50' | 'p99' | 'max', share: number) =>
    quantile(
      recent.map((line) => line[name]),
      share,
    ).toFixed(1);
  print(
    `  backend's event loop, delay in ms (its timer's own 2 included): p50 ${of('p50', 0.5)}, p99 ${of('p99', 0.5)} (worst ten seconds ${of('p99', 1)}), max ${of('max', 1)}`,
  );
}

function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

/** Spent so far, by the program itself and in the kernel for it. */
function processorMs(pid: number): number {
  try {
    const [user, kernel] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(user) + Number(kernel)) * 10;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function print(line: string): void {
  console.log(line);
}
