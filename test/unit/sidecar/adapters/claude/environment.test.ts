/** What the program's environment holds, and whose login it uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeEnvironment, ownerEnvironment, ownerPlaces } from '../../../../../server/sidecar/adapters/claude/environment.ts';

const parts = {
  base: { PATH: '/bin', HOME: '/home/ada' },
  environment: { ANTHROPIC_BASE_URL: 'http://gateway' },
  secrets: { ANTHROPIC_API_KEY: 'key' },
  agentDir: '/data/agents/one/agent',
  isFenced: true,
} as const;

test('with the person’s login the agent has a config folder of its own, which is lent the login', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'login', environment: {}, secrets: {} });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/data/agents/one/agent/claude');
  assert.equal(environment.HOME, '/home/ada');
});

test('a config folder that the person named is where the login is lent from, and not the agent’s', () => {
  const named = { CLAUDE_CONFIG_DIR: '/home/ada/work-claude' };
  const environment = claudeEnvironment({ ...parts, credentials: 'login', environment: named });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/data/agents/one/agent/claude');
  const owner = ownerPlaces(ownerEnvironment({ base: parts.base, environment: named }));
  assert.deepEqual(owner, { ownerDir: '/home/ada/work-claude', ownerState: '/home/ada/work-claude/.claude.json' });
  const usual = ownerPlaces(ownerEnvironment({ base: parts.base, environment: {} }));
  assert.deepEqual(usual, { ownerDir: '/home/ada/.claude', ownerState: '/home/ada/.claude.json' });
});

test('without a fence it is the person’s own Claude Code, as in a terminal', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'login', isFenced: false });
  assert.equal('CLAUDE_CONFIG_DIR' in environment, false);
});

test('with a key of its own the agent has a config folder of its own', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'environment' });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/data/agents/one/agent/claude');
  assert.equal(environment.ANTHROPIC_API_KEY, 'key');
  assert.equal(environment.ANTHROPIC_BASE_URL, 'http://gateway');
});

test('with a named secret it has a config folder of its own as well', () => {
  const environment = claudeEnvironment({ ...parts, credentials: 'secret', secrets: {} });
  assert.equal(environment.CLAUDE_CONFIG_DIR, '/data/agents/one/agent/claude');
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
    names.filter((name) => !/^(PATH|HOME|DISABLE_|CLAUDE_CODE_|CLAUDE_CONFIG_DIR)/.test(name)),
    [],
  );
});
