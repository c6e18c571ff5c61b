/** What the program's environment holds, and whose login it uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeEnvironment } from '../../../../../server/sidecar/adapters/claude/environment.ts';

const parts = {
  base: { PATH: '/bin', HOME: '/home/ada' },
  environment: { ANTHROPIC_BASE_URL: 'http://gateway' },
  secrets: { ANTHROPIC_API_KEY: 'key' },
  agentDir: '/data/agents/one/agent',
};

test('with the program’s own login, its own config folder is used', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'login', environment: {}, secrets: {} });
  assert.equal('CLAUDE_CONFIG_DIR' in environment, false);
  assert.equal(environment.HOME, '/home/ada');
});

test('with a key of its own the agent has a config folder of its own', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'environment' });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/data/agents/one/agent/claude');
  assert.equal(environment.ANTHROPIC_API_KEY, 'key');
  assert.equal(environment.ANTHROPIC_BASE_URL, 'http://gateway');
});

test('it sends no telemetry and does not update itself', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'login' });
  for (const name of ['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'DISABLE_AUTOUPDATER', 'DISABLE_TELEMETRY', 'DISABLE_ERROR_REPORTING']) {
    assert.equal(environment[name], '1', name);
  }
});

test('what was given with the agent wins', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'environment', environment: { CLAUDE_CONFIG_DIR: '/elsewhere' } });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/elsewhere');
});

test('nothing of the process’s own environment gets in', () => {
  const names = Object.keys(claudeEnvironment({ ...parts, credentials: 'login', environment: {}, secrets: {} }));
  assert.deepEqual(
    names.filter((name) => !/^(PATH|HOME|DISABLE_|CLAUDE_CODE_)/.test(name)),
    [],
  );
});
