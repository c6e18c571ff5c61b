import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { type ProgramRun, runDesktopProgram } from '../../../server/notices/desktop-process.ts';
import { desktopPrograms } from '../../../server/notices/desktop-programs.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-desktop-'));
after(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let closing: AbortController;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  mkdirSync(folder);
  closing = new AbortController();
});
afterEach(() => closing.abort());

const words = { title: '--help', text: "it's <b>\nnew" };

test('a program gets each text as an argument of its own, whatever is in it', async () => {
  put('notify-send', `for word; do printf '%s\\0' "$word"; done > ${join(folder, 'told')}`);
  assert.deepEqual(await run(), { kind: 'shown' });
  const told = readFileSync(join(folder, 'told'), 'utf8').split('\0').slice(0, -1);
  assert.deepEqual(told.slice(-3), ['--', '--help', "it's &lt;b&gt;\nnew"]);
});

test('one that is not there is missing', async () => {
  assert.deepEqual(await run(), { kind: 'missing' });
  writeFileSync(join(folder, 'notify-send'), 'not a program', { mode: 0o600 });
  assert.deepEqual(await run(), { kind: 'missing' });
});

test('one that fails says why in its own words, or how it ended', async () => {
  put('notify-send', 'echo "no daemon" >&2; exit 1');
  assert.deepEqual(await run(), { kind: 'failed', why: 'no daemon' });
  put('notify-send', 'exit 3');
  assert.deepEqual(await run(), { kind: 'failed', why: 'it ended with 3' });
});

test('one that hangs is ended with what it started', async () => {
  put('notify-send', `(while :; do sleep 0.05; done) & echo $! > ${join(folder, 'child')}; wait`);
  const outcome = await run({ timeLimitMs: 300 });
  assert.deepEqual(outcome, { kind: 'failed', why: 'it did not end within 0.3 s' });
  const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
  await untilEnded(child);
});

test('the end of the backend ends it too', async () => {
  put('notify-send', 'while :; do sleep 0.05; done');
  const running = run({ timeLimitMs: 60_000 });
  closing.abort();
  assert.equal((await running).kind, 'failed');
});

test('a program that agents can write is not run, nor one that a link leads to there', async () => {
  put('notify-send', `touch ${join(folder, 'ran')}`);
  assert.deepEqual(await run({ written: [folder] }), { kind: 'missing' });
  const links = join(folder, 'links');
  mkdirSync(links);
  const bin = join(root, `bin ${count}`);
  mkdirSync(bin);
  symlinkSync(join(folder, 'notify-send'), join(bin, 'notify-send'));
  assert.deepEqual(await run({ env: { PATH: bin }, written: [folder] }), { kind: 'missing' });
  assert.deepEqual(await run({ env: { PATH: 'relative' } }), { kind: 'missing' });
  assert.equal(existsSync(join(folder, 'ran')), false);
});

function put(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 });
}

async function run(fields: Partial<ProgramRun> = {}) {
  const [program = assert.fail('there is no program')] = desktopPrograms('linux', {});
  const circumstances = { env: { PATH: folder }, written: [], timeLimitMs: 10_000, signal: closing.signal, ...fields };
  return runDesktopProgram(program, words, circumstances);
}

/** A killed child is gone once somebody has reaped it. */
async function untilEnded(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await new Promise(setImmediate);
}
