import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { LogLevel } from '../../../../server/protocol/requests.ts';
import { type Authority, Refused } from '../../../../server/sidecar/control/request-check.ts';
import { type ControlCallbacks, controlRoutes, findRoute } from '../../../../server/sidecar/control/routes.ts';

const terminal = { attachable: false, cwd: '/project', path: ['/bin'], note: 'none' } as const;
const unknown = { owed: [], unread: [], asOf: null, ageMs: null, known: false };

let told: unknown[];
let level: LogLevel;
let callbacks: ControlCallbacks;

beforeEach(() => {
  told = [];
  level = 'info';
  const tell =
    (name: string) =>
    (...what: unknown[]) =>
      void told.push([name, ...what]);
  callbacks = {
    onHookFatal: tell('hookFatal'),
    onSessionEnd: (end) => {
      told.push(['sessionEnd', end]);
      return end.transcriptPath;
    },
    onSessionTurn: tell('sessionTurn'),
    onStatus: tell('status'),
    onUserPrompt: tell('userPrompt'),
    onTerminalAttachSpec: () => terminal,
    onReplyObligations: () => unknown,
    onCall: async (method, params) => ({ method, params }),
    onSecret: (variable) => (variable === 'KEY' ? 'the key' : null),
    level: {
      get: () => level,
      set: (wanted) => {
        level = wanted;
      },
    },
  };
});

function ask(method: string, path: string, body: Record<string, unknown> = {}, authority: Authority = 'agent'): unknown {
  const { route, name } = findRoute(controlRoutes(callbacks), { method, path, authority });
  return route.answer(body, name);
}

function refusedWith(status: number, message: RegExp) {
  return (error: unknown) => error instanceof Refused && error.status === status && message.test(error.message);
}

test('the level is told with all levels there are', () => {
  assert.deepEqual(ask('GET', '/log-level'), { level: 'info', levels: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] });
});

test('a person’s tool sets the level, however it is written, and is told the one before', () => {
  assert.deepEqual(ask('POST', '/log-level', { level: ' Debug ' }, 'person'), { ok: true, level: 'debug', previous: 'info' });
  assert.equal(level, 'debug');
});

for (const bad of ['loud', '', 7, null, undefined]) {
  test(`the level ${JSON.stringify(bad)} is refused with those there are`, () => {
    assert.throws(
      () => ask('POST', '/log-level', { level: bad }, 'person'),
      refusedWith(400, /^level must be one of: trace, debug, info, warn, error, fatal$/),
    );
    assert.equal(level, 'info');
  });
}

test('an agent does not silence the log that tells of it', () => {
  assert.throws(() => ask('POST', '/log-level', { level: 'fatal' }), refusedWith(403, /not for the agent's token/));
});

for (const [body, expected] of [
  [{ hook: 'stop', error: 'exit 1: curl' }, ['hookFatal', 'stop', 'exit 1: curl']],
  [{}, ['hookFatal', 'unknown', '(no detail)']],
  [{ hook: '', error: null }, ['hookFatal', 'unknown', '(no detail)']],
  [{ hook: 7, error: {} }, ['hookFatal', 'unknown', '(no detail)']],
] as const) {
  test(`a hook that failed with ${JSON.stringify(body)} is told and answered well`, () => {
    assert.deepEqual(ask('POST', '/hook-fatal', body), { ok: true });
    assert.deepEqual(told, [expected]);
  });
}

test('the end of a session and of a turn are told in our spelling or in that of the hooks', () => {
  assert.deepEqual(ask('POST', '/session-end', { reason: 'clear', transcript_path: '/t' }), { ok: true, transcriptPath: '/t' });
  assert.deepEqual(ask('POST', '/session-turn', { transcriptPath: '/t', last_assistant_message: 'done' }), { ok: true });
  assert.deepEqual(told, [
    ['sessionEnd', { reason: 'clear', transcriptPath: '/t', lastMessage: null }],
    ['sessionTurn', { reason: null, transcriptPath: '/t', lastMessage: 'done' }],
  ]);
});

test('a status is one of four', () => {
  for (const status of ['busy', 'idle', 'offline', 'error']) assert.deepEqual(ask('POST', '/status', { status }), { ok: true, status });
  assert.throws(() => ask('POST', '/status', { status: 'tired' }), refusedWith(400, /busy, idle, offline, error/));
  assert.equal(told.length, 4);
});

test('what is asked about terminals and obligations is answered by either method', () => {
  for (const method of ['GET', 'POST']) {
    assert.deepEqual(ask(method, '/terminal-attach'), terminal);
    assert.deepEqual(ask(method, '/reply-obligations'), unknown);
  }
});

test('a secret is given to the agent alone, as it is', () => {
  assert.equal(ask('GET', '/secret/KEY'), 'the key');
  assert.throws(() => ask('GET', '/secret/OTHER'), refusedWith(404, /no such secret/));
  assert.throws(() => ask('GET', '/secret/KEY', {}, 'person'), refusedWith(403, /not for the person's token/));
});

for (const [method, path, status] of [
  ['GET', '/', 404],
  ['GET', '/nowhere', 404],
  ['GET', '/log-level/', 404],
  ['GET', '/secret', 404],
  ['GET', '/secret/', 404],
  ['GET', '/constructor', 404],
  ['GET', '//log-level', 404],
  ['GET', '/hook-fatal', 405],
  ['PUT', '/log-level', 405],
  ['DELETE', '/secret/KEY', 405],
  ['constructor', '/log-level', 405],
] as const) {
  test(`${method} ${path} is refused with ${status}`, () => {
    assert.throws(() => ask(method, path), refusedWith(status, /./));
  });
}
