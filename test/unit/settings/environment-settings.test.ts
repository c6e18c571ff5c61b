import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingNames, variableOf } from '../../../server/protocol/settings.ts';
import { environmentSettings } from '../../../server/settings/environment-settings.ts';

for (const [env, expected] of [
  [{}, {}],
  [{ AGOR_TURNS_MAX: '' }, {}],
  [{ AGOR_TURNS_MAX: ' 8 ' }, { 'turns.max': 8 }],
  [
    { AGOR_AGENT_IDLE_MINUTES: '5', AGOR_HEALTH_PORT: '0' },
    { 'agent.idleMinutes': 5, 'health.port': 0 },
  ],
  [{ AGOR_SANDBOX_MODE: 'required' }, { 'sandbox.mode': 'required' }],
  [{ AGOR_SANDBOX_PORTS: '443, 8080 22' }, { 'sandbox.ports': [443, 8080, 22] }],
  [{ AGOR_SANDBOX_READ_ONLY_PATHS: '/etc/x,/y' }, { 'sandbox.readOnlyPaths': ['/etc/x', '/y'] }],
  [{ AGOR_NOTIFICATIONS_DO_NOT_DISTURB: 'true' }, { 'notifications.doNotDisturb': true }],
  [{ AGOR_BUDGET_TURN_USD: '0.5' }, { 'budget.turnUsd': 0.5 }],
  [{ AGOR_DATA_DIR: '/data', TURNS_MAX: '3' }, {}],
] as const) {
  test(`${JSON.stringify(env)} sets ${JSON.stringify(expected)}`, () => assert.deepEqual(environmentSettings(env), expected));
}

for (const [env, message] of [
  [
    { AGOR_TURNS_MAX: 'many' },
    'AGOR_TURNS_MAX cannot be "many": a whole number from 1 to 100 is expected. Correct it, or take it out of the environment.',
  ],
  [
    { AGOR_HEALTH_PORT: '70000' },
    'AGOR_HEALTH_PORT cannot be "70000": a whole number from 0 to 65535 is expected. Correct it, or take it out of the environment.',
  ],
  [
    { AGOR_SANDBOX_MODE: 'on' },
    'AGOR_SANDBOX_MODE cannot be "on": it is one of required, preferred, off. Correct it, or take it out of the environment.',
  ],
  [
    { AGOR_LOOPS_BREAKER: 'yes' },
    'AGOR_LOOPS_BREAKER cannot be "yes": true or false is expected. Correct it, or take it out of the environment.',
  ],
] as const) {
  test(`${JSON.stringify(env)} is refused with one sentence`, () =>
    assert.throws(() => environmentSettings(env), { code: 'badRequest', message }));
}

test('no two settings have one variable', () => {
  assert.equal(new Set(settingNames.map(variableOf)).size, settingNames.length);
});
