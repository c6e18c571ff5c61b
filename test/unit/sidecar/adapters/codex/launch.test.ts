/** The rules that a thread of Codex is begun with, where its key comes from, and what its home holds. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { codexHome } from '../../../../../server/sandbox/known-programs.ts';
import { keySource } from '../../../../../server/sidecar/adapters/codex/key-source.ts';
import { brokenRule, commandLine, threadParams } from '../../../../../server/sidecar/adapters/codex/launch.ts';
import { layDownCodexHome } from '../../../../../server/sidecar/adapters/codex/own-home.ts';

const rules = { projectDir: '/srv/shop', model: null, tools: null, key: null, isFenced: true };
const thread = { thread: { id: 't1', path: null } };

test('it asks a person about everything, and trusts nothing that lies in the project', () => {
  const params = threadParams(rules);
  assert.deepEqual([params.approvalPolicy, params.approvalsReviewer, params.sandbox], ['untrusted', 'user', 'danger-full-access']);
  assert.deepEqual(params.config, { projects: { '/srv/shop': { trust_level: 'untrusted' } } });
  assert.equal(threadParams({ ...rules, isFenced: false }).sandbox, 'workspace-write');
});

test('a key is named and never told, and kept from the commands', () => {
  const { config } = threadParams({ ...rules, key: { variable: 'OPENAI_API_KEY', baseUrl: 'http://127.0.0.1:1/v1' } });
  assert.match(JSON.stringify(config), /"env_key":"OPENAI_API_KEY"/);
  assert.match(JSON.stringify(config), /"shell_environment_policy":\{"exclude":\["OPENAI_API_KEY"\]\}/);
});

test('a program that answers with other rules than it was told is found out', () => {
  assert.equal(brokenRule({ ...thread, approvalPolicy: 'untrusted', approvalsReviewer: 'user' }), undefined);
  assert.equal(brokenRule(thread), undefined, 'a version that does not say');
  assert.match(brokenRule({ ...thread, approvalPolicy: 'never' }) ?? '', /never/);
  assert.match(brokenRule({ ...thread, approvalsReviewer: 'auto_review' }) ?? '', /auto_review/);
});

test('the person’s own command is kept, and nothing secret stands in the arguments', () => {
  assert.deepEqual(commandLine([])[0], 'codex');
  assert.deepEqual(commandLine(['/opt/codex', '--profile', 'x']).slice(0, 4), ['/opt/codex', '--profile', 'x', 'app-server']);
});

test('the key is the usual one where it is given, else the only one, and none with a login', () => {
  const environment = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  assert.equal(keySource({ credentials: 'login', environment }, { OPENAI_API_KEY: 'x' }), null);
  assert.equal(keySource({ credentials: 'secret', environment }, {}), null);
  const secrets = { OTHER_KEY: 'x', OPENAI_API_KEY: 'y' };
  assert.deepEqual(keySource({ credentials: 'secret', environment }, secrets), {
    variable: 'OPENAI_API_KEY',
    baseUrl: 'http://127.0.0.1:9/v1',
  });
  const other = keySource({ credentials: 'environment', environment: {} }, { OTHER_KEY: 'x' });
  assert.deepEqual(other, { variable: 'OTHER_KEY', baseUrl: 'https://api.openai.com/v1' });
});

test('its home forgets at each start what an earlier run has left for it to obey', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'agor-codex-'));
  t.after(() => rmSync(root, { recursive: true }));
  const [homeDir, agentDir, own] = [join(root, 'home'), join(root, 'agent'), join(root, 'agent', 'codex')];
  mkdirSync(join(own, 'rules'), { recursive: true });
  mkdirSync(join(own, 'sessions'));
  mkdirSync(join(homeDir, '.codex', 'rules'), { recursive: true });
  for (const name of ['rules/default.rules', 'hooks.json', 'config.toml', 'sessions/kept']) writeFileSync(join(own, name), 'left');
  for (const name of ['config.toml', 'auth.json', 'rules/own.rules']) writeFileSync(join(homeDir, '.codex', name), 'of the person');
  layDownCodexHome({ program: codexHome, agentDir, homeDir, usesLogin: false });
  assert.deepEqual([readdirSync(join(own, 'rules')), existsSync(join(own, 'hooks.json'))], [[], false]);
  assert.equal(readFileSync(join(own, 'config.toml'), 'utf8'), '[features]\nshell_snapshot = false\n', 'a snapshot would hold its key');
  assert.equal(readFileSync(join(own, 'sessions', 'kept'), 'utf8'), 'left');
  layDownCodexHome({ program: codexHome, agentDir, homeDir, usesLogin: true });
  assert.equal(readFileSync(join(own, 'config.toml'), 'utf8'), 'of the person');
  assert.equal(readFileSync(join(own, 'auth.json'), 'utf8'), 'of the person');
  assert.deepEqual(readdirSync(join(own, 'rules')), []);
});
