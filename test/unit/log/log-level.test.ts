import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelFromEnvironment, levelProblem, parseLogLevel } from '../../../server/log/log-level.ts';

for (const [given, expected] of [
  ['info', 'info'],
  ['  WARN\n', 'warn'],
  ['Fatal', 'fatal'],
  ['verbose', undefined],
  ['', undefined],
  [undefined, undefined],
] as const) {
  test(`${JSON.stringify(given)} means ${expected ?? 'no level'}`, () => assert.equal(parseLogLevel(given), expected));
}

for (const [name, env, expected] of [
  ['nothing', {}, 'info'],
  ['its own name', { AGOR_LOG_LEVEL: 'Debug ' }, 'debug'],
  ['its own name before the others', { AGOR_LOG_LEVEL: 'error', LOG_LEVEL: 'trace', AGENT_RELAY_LOG_LEVEL: 'warn' }, 'error'],
  ['the short name', { LOG_LEVEL: 'trace', AGENT_RELAY_LOG_LEVEL: 'warn' }, 'trace'],
  ['the old name', { AGENT_RELAY_LOG_LEVEL: 'warn' }, 'warn'],
  ['the old switch', { AGENT_RELAY_SESSION_DEBUG: '1' }, 'debug'],
  ['the old switch, off', { AGENT_RELAY_SESSION_DEBUG: '0' }, 'info'],
  ['a level beside the old switch', { LOG_LEVEL: 'error', AGENT_RELAY_SESSION_DEBUG: '1' }, 'error'],
  ['what is no level, and a level', { AGOR_LOG_LEVEL: 'loud', LOG_LEVEL: 'warn' }, 'warn'],
  ['what is no level', { AGOR_LOG_LEVEL: 'loud' }, 'info'],
] as const) {
  test(`an environment with ${name} means ${expected}`, () => assert.equal(levelFromEnvironment(env), expected));
}

test('what is no level is told in one sentence, with the levels there are and the one that counts', () => {
  assert.equal(levelProblem({ AGOR_LOG_LEVEL: 'warn', LOG_LEVEL: '' }), undefined);
  assert.equal(
    levelProblem({ AGOR_LOG_LEVEL: 'loud\u001b', LOG_LEVEL: 'warn' }),
    'No log level is meant by AGOR_LOG_LEVEL="loud\\u001b"; levels are trace, debug, info, warn, error, fatal. Logging from warn upwards.',
  );
});
