/** Notices on the desktop, with a real backend and a stand-in for the program that shows them. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, beforeEach, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import { LiveBackend, until } from '../support/live-backend.ts';

const path = process.env.PATH;
let backend: LiveBackend;
let connection: Connection;
let folder: string;

beforeEach(async () => {
  backend = await LiveBackend.create();
  folder = join(backend.root, 'bin');
  mkdirSync(folder);
  // A backend has the environment of whoever starts it; nothing of this machine's own desktop is in it.
  process.env.PATH = folder;
});
afterEach(async () => {
  process.env.PATH = path;
  await backend.close();
});
after(() => {
  process.env.PATH = path;
});

it('what happens while no window is open is shown, with hostile texts as what they are', { timeout: 60_000 }, async () => {
  put('notify-send', `for word; do printf '%s\\0' "$word"; done >> ${told()}`);
  await begin();
  await connection.call('agent/prompt', { agent: 'demo', text: '--help <b>$(touch x)</b>\nmore' });
  await until(() => existsSync(told()));
  assert.deepEqual(words(), ['--app-name=Agor', '--expire-time=8000', '--', 'demo has finished', '--help &lt;b&gt;$(touch x)&lt;/b&gt;']);
  assert.deepEqual(await desktop(), { state: 'shown', detail: 'notify-send' });
});

it('nothing is shown while a window is looked at, nor when it is off', { timeout: 60_000 }, async () => {
  put('notify-send', `printf '%s\\n' "$4" >> ${told()}`);
  await begin();
  const window = await backend.connect();
  await window.call('window/setFocus', { isFocused: true });
  await finishTurn();
  await connection.call('settings/put', { values: { 'notifications.desktop': 'off' } });
  assert.deepEqual(await desktop(), { state: 'off', detail: '' });
  await connection.call('settings/put', { values: { 'notifications.desktop': 'away' } });
  await window.call('window/setFocus', { isFocused: false });
  await finishTurn();
  await until(() => existsSync(told()));
  assert.equal(readFileSync(told(), 'utf8'), 'demo has finished (2 times)\n');
});

it('a program that fails is said once, and one that is not there too, and nothing else suffers', { timeout: 60_000 }, async () => {
  put('notify-send', 'echo "The name is not provided by any service" >&2; exit 1');
  await begin();
  await finishTurn();
  await until(async () => (await desktop()).state === 'unavailable');
  const detail = 'notify-send: The name is not provided by any service; gdbus is not there';
  assert.equal((await desktop()).detail, detail);
  await finishTurn();
  assert.equal(logged().split('notices cannot be shown on the desktop').length, 2);
});

it('a program that hangs is ended, and the backend answers meanwhile', { timeout: 60_000 }, async () => {
  put('notify-send', `echo $$ >> ${told()}\nwhile :; do sleep 0.1; done`);
  await begin();
  await finishTurn();
  await until(() => existsSync(told()));
  await connection.call('health/get', {});
  await until(async () => (await desktop()).state === 'unavailable');
  assert.match((await desktop()).detail, /^notify-send: it did not end within 5 s/);
  const pid = Number(readFileSync(told(), 'utf8'));
  await until(() => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
});

it('a program in a folder that agents can write is never run', { timeout: 60_000 }, async () => {
  rmSync(folder, { recursive: true });
  folder = join(backend.project, 'bin');
  mkdirSync(folder);
  process.env.PATH = folder;
  put('notify-send', `touch ${told()}`);
  await begin();
  await finishTurn();
  await until(async () => (await desktop()).state === 'unavailable');
  assert.equal(existsSync(told()), false);
});

async function begin(): Promise<void> {
  connection = await backend.connect();
  await backend.demoAgent(connection);
}

async function finishTurn(): Promise<void> {
  const told = new Promise<void>((resolve) => {
    connection.on('notice/changed', ({ raised }) => {
      if (raised.length > 0) resolve();
    });
  });
  await connection.call('agent/prompt', { agent: 'demo', text: 'hello' });
  await told;
}

async function desktop() {
  return (await connection.call('health/get', {})).desktopNotices;
}

function told(): string {
  return join(backend.root, 'told');
}

function logged(): string {
  const logs = join(backend.dataDir, 'logs');
  return readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('');
}

function words(): string[] {
  return readFileSync(told(), 'utf8').split('\0').slice(0, -1);
}

function put(name: string, script: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(file, 0o755);
}
