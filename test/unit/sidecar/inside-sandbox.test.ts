import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { childPidOf, InsideSandbox } from '../../../server/sidecar/inside-sandbox.ts';

test('the first process inside is read from what bubblewrap tells, once it has told all of it', () => {
  assert.equal(childPidOf('{\n    "child-pid": 4711\n}\n'), 4711);
  assert.equal(childPidOf('{ "child-pid": 7, "more": 1 }'), 7);
  for (const text of ['', '{', '{"child-pid": 47', '{"child-pid": "x"}', '{"other": 1}']) assert.equal(childPidOf(text), null, text);
});

test('a signal goes to the children of the first process, and is not taken where there are none', async () => {
  const shell = spawn('/bin/sh', ['-c', 'sleep 60 & echo up; wait $!; echo "ended with $?"'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  const isUp = new Promise<void>((resolve) => shell.stdout.once('data', () => resolve()));
  shell.stdout.on('data', (chunk) => said.push(String(chunk)));
  await isUp;
  const info = new PassThrough();
  const inside = new InsideSandbox(info);
  assert.equal(inside.signal('SIGTERM'), false, 'nothing is known yet');
  info.write(`{"child-pid": ${shell.pid}}`);
  await new Promise(setImmediate);
  assert.equal(inside.firstPid, shell.pid);
  const closed = new Promise((resolve) => shell.once('close', resolve));
  // Only Linux tells the children of a process.
  if (!existsSync('/proc/self/task')) return void shell.kill();
  assert.equal(inside.signal('SIGTERM'), true);
  await closed;
  assert.match(said.join(''), /ended with 143/);
  assert.equal(inside.signal('SIGTERM'), false, 'it is gone');
});
