/** What known programs are told by their environment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askingEnvironment, joinedEnvironment } from '../../../../../server/sidecar/adapters/acp/asking-environment.ts';

const run = (command: string[], fields: object = {}) => ({
  ...{ command, projectDir: '/project', credentials: 'login' as const, environment: {} },
  ...fields,
});

test('OpenCode asks before it changes or runs something, whatever the project allows it, and reads its instructions', () => {
  const told = askingEnvironment(run(['opencode', 'acp']), {});
  assert.deepEqual(JSON.parse(told.OPENCODE_PERMISSION ?? ''), { edit: 'ask', bash: 'ask', webfetch: 'ask' });
  assert.equal(told.OPENCODE_DISABLE_PROJECT_CONFIG, '1');
  assert.deepEqual(JSON.parse(told.OPENCODE_CONFIG_CONTENT ?? ''), { instructions: ['/project/AGENTS.md'] });
});

test('what the person set wins, and their configuration is joined with the instructions', () => {
  const ours = askingEnvironment(run(['opencode', 'acp']), {});
  const own = { OPENCODE_PERMISSION: '{"bash":"allow"}', OPENCODE_CONFIG_CONTENT: '{"model":"local/m"}', OTHER: 'x' };
  const joined = joinedEnvironment(ours, own);
  assert.deepEqual([joined.OPENCODE_PERMISSION, joined.OTHER], [own.OPENCODE_PERMISSION, 'x']);
  assert.deepEqual(JSON.parse(joined.OPENCODE_CONFIG_CONTENT ?? ''), { instructions: ['/project/AGENTS.md'], model: 'local/m' });
  const others = joinedEnvironment(ours, { OPENCODE_CONFIG_CONTENT: '{"instructions":[]}' });
  assert.deepEqual(JSON.parse(others.OPENCODE_CONFIG_CONTENT ?? ''), { instructions: [] });
  for (const text of ['{ // comment', '[]', 'null']) {
    assert.match(joinedEnvironment(ours, { OPENCODE_CONFIG_CONTENT: text }).OPENCODE_CONFIG_CONTENT ?? '', /^[{[n]/);
  }
});

test('Codex by ACP gets its key as that of a service, which it writes nowhere and hands to no command', () => {
  const fields = { credentials: 'secret', environment: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' } };
  const { CODEX_CONFIG = '' } = askingEnvironment(run(['codex-acp'], fields), { OPENAI_API_KEY: 'sk-canary' });
  assert.doesNotMatch(CODEX_CONFIG, /canary/);
  const config = JSON.parse(CODEX_CONFIG);
  assert.equal(config.model_providers[config.model_provider].env_key, 'OPENAI_API_KEY');
  assert.equal(config.model_providers[config.model_provider].base_url, 'http://127.0.0.1:1/v1');
  assert.deepEqual(config.shell_environment_policy, { exclude: ['OPENAI_API_KEY'] });
});

test('Codex by ACP does not trust the configuration of the project, with its own login either', () => {
  const { CODEX_CONFIG = '' } = askingEnvironment(run(['codex-acp']), {});
  assert.deepEqual(JSON.parse(CODEX_CONFIG), { projects: { '/project': { trust_level: 'untrusted' } } });
});

test('a program that nobody knows is told nothing', () => {
  assert.deepEqual(askingEnvironment(run(['my-agent', '--acp']), { KEY: 'x' }), {});
});
