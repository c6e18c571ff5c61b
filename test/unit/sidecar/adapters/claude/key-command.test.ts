import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import {
  helperSecret,
  keyHelperCommand,
  keyHelperProgram,
  usesKeyHelper,
} from '../../../../../server/sidecar/adapters/claude/key-command.ts';

const runShell = promisify(execFile);
const here = { execPath: process.execPath, isElectron: false, isWindows: false };
const secrets = { ANTHROPIC_API_KEY: 'sk-canary-0001', GITHUB_TOKEN: 'g' };

test('only Claude Code with a named secret for its key has it by the helper', () => {
  assert.equal(usesKeyHelper({ provider: 'claude', credentials: 'secret' }, secrets), true);
  assert.equal(usesKeyHelper({ provider: 'claude', credentials: 'environment' }, secrets), false);
  assert.equal(usesKeyHelper({ provider: 'acp', credentials: 'secret' }, secrets), false);
  assert.equal(usesKeyHelper({ provider: 'claude', credentials: 'secret' }, { GITHUB_TOKEN: 'g' }), false);
});

test('the helper is told that one secret and no other', () => {
  const record = { provider: 'claude', credentials: 'secret' } as const;
  assert.equal(helperSecret(record, secrets, 'ANTHROPIC_API_KEY'), 'sk-canary-0001');
  for (const variable of ['GITHUB_TOKEN', 'toString', '__proto__', '']) assert.equal(helperSecret(record, secrets, variable), null);
  assert.equal(helperSecret({ ...record, credentials: 'login' }, secrets, 'ANTHROPIC_API_KEY'), null);
});

test('its command is one for the shell of the system, whatever its paths hold', () => {
  assert.equal(
    keyHelperCommand("/o'neill/key helper.js", { ...here, execPath: '/a b/node' }),
    `'/a b/node' '/o'\\''neill/key helper.js' ANTHROPIC_API_KEY`,
  );
  assert.equal(
    keyHelperCommand('/h.js', { ...here, execPath: '/code', isElectron: true }),
    "ELECTRON_RUN_AS_NODE=1 '/code' '/h.js' ANTHROPIC_API_KEY",
  );
  assert.equal(
    keyHelperCommand('C:\\h.js', { execPath: 'C:\\a b\\code.exe', isElectron: true, isWindows: true }),
    'set ELECTRON_RUN_AS_NODE=1&& "C:\\a b\\code.exe" "C:\\h.js" ANTHROPIC_API_KEY',
  );
});

/** What the command prints while `answer` is at the other end of the socket. */
async function ask(t: TestContext, answer: RequestListener, env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'agor-helper-'));
  const socket = join(folder, 's');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const command = keyHelperCommand(keyHelperProgram(), here);
  return runShell('/bin/sh', ['-c', command], { env: { AGOR_CONTROL_SOCKET: socket, AGOR_RUN_TOKEN: 'of the run', ...env } });
}

test('it prints what the sidecar answers to its token, and nothing else', async (t) => {
  const asked: unknown[] = [];
  const { stdout, stderr } = await ask(t, ({ method, url, headers }, response) => {
    asked.push(method, url, headers.authorization);
    response.end('sk-canary-0001');
  });
  assert.deepEqual([stdout, stderr], ['sk-canary-0001', '']);
  assert.deepEqual(asked, ['GET', '/secret/ANTHROPIC_API_KEY', 'Bearer of the run']);
});

for (const [name, answer, env, words] of [
  ['the sidecar has none', (_, response) => response.writeHead(404).end('x'), {}, /has no such key now/],
  ['the token is wrong', (_, response) => response.writeHead(401).end('x'), {}, /refused \(401\)/],
  ['the sidecar hangs up', (_, response) => response.destroy(), {}, /cannot be asked for/],
  ['nobody listens', () => {}, { AGOR_CONTROL_SOCKET: '/no/such/socket' }, /cannot be asked for.*ENOENT/],
  ['it is run by hand', () => {}, { AGOR_RUN_TOKEN: '' }, /only for an agent/],
] as const satisfies readonly (readonly [string, RequestListener, NodeJS.ProcessEnv, RegExp])[]) {
  test(`when ${name}, it prints no key and says why in one line`, async (t) => {
    await assert.rejects(
      ask(t, answer, env),
      (error: { code?: number; stdout?: string; stderr?: string }) =>
        error.code === 1 && error.stdout === '' && words.test(error.stderr ?? '') && /^[^\n]+\n$/.test(error.stderr ?? ''),
    );
  });
}
