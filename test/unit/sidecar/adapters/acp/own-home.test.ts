/** The home of its own that a known program gets, whatever the agent has done to it before. */
import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type KnownProgram, knownProgram } from '../../../../../server/sandbox/known-programs.ts';
import { homeVariables, layDownHome } from '../../../../../server/sidecar/adapters/acp/own-home.ts';

function makeHomes(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'agor-own-home-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [homeDir, agentDir] = [join(root, 'home'), join(root, 'agent')];
  mkdirSync(agentDir);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return { root, homeDir, agentDir, put, read };
}

function known(word: string): KnownProgram {
  const program = knownProgram([word]);
  assert.ok(program);
  return program;
}

test('it is known by any word of the command, and others are not', () => {
  assert.equal(knownProgram(['npx', '-y', '@zed-industries/codex-acp@1.0.0'])?.word, 'codex');
  assert.equal(knownProgram(['/home/ada/.opencode/bin/opencode', 'acp'])?.word, 'opencode');
  assert.equal(knownProgram(['node', '/srv/gemini/other.js']), null);
  assert.equal(knownProgram(['node', '/lib/node_modules/@agentclientprotocol/codex-acp/dist/index.js'])?.word, 'codex');
  assert.deepEqual(knownProgram(['claude-agent-acp'])?.homes, { CLAUDE_CONFIG_DIR: 'claude-acp' });
});

test('the login is the person’s own file, and the settings are a copy', (t) => {
  const { homeDir, agentDir, put, read } = makeHomes(t);
  put('home/.codex/auth.json', 'login');
  put('home/.codex/config.toml', 'settings');
  put('home/.codex/sessions/other.jsonl', 'private');
  layDownHome({ program: known('codex'), agentDir, homeDir, usesLogin: true });
  assert.equal(readlinkSync(join(agentDir, 'codex/auth.json')), join(homeDir, '.codex/auth.json'));
  assert.deepEqual(readdirSync(join(agentDir, 'codex')).sort(), ['auth.json', 'config.toml']);
  writeFileSync(join(agentDir, 'codex/config.toml'), 'changed by the agent');
  assert.equal(read('home/.codex/config.toml'), 'settings');
  layDownHome({ program: known('codex'), agentDir, homeDir, usesLogin: true });
  assert.equal(read('agent/codex/config.toml'), 'settings');
  assert.deepEqual(homeVariables(known('codex'), agentDir), { CODEX_HOME: join(agentDir, 'codex') });
});

test('with a key of its own there is nothing of the person’s in it', (t) => {
  const { homeDir, agentDir, put } = makeHomes(t);
  put('home/.local/share/opencode/auth.json', 'login');
  put('home/.config/opencode/opencode.json', '{}');
  layDownHome({ program: known('opencode'), agentDir, homeDir, usesLogin: false });
  assert.deepEqual([readdirSync(join(agentDir, 'data')), readdirSync(join(agentDir, 'config'))], [[], []]);
});

test('a person who is not logged in leaves no link to nowhere', (t) => {
  const { homeDir, agentDir } = makeHomes(t);
  layDownHome({ program: known('gemini'), agentDir, homeDir, usesLogin: true });
  assert.equal(lstatSync(join(agentDir, 'gemini/.gemini/oauth_creds.json'), { throwIfNoEntry: false }), undefined);
});

test('links that the agent left are removed and never followed', (t) => {
  const { root, homeDir, agentDir, put, read } = makeHomes(t);
  put('home/.gemini/settings.json', 'settings');
  put('outside/settings.json', 'untouched');
  symlinkSync(join(root, 'outside'), join(agentDir, 'gemini'));
  layDownHome({ program: known('gemini'), agentDir, homeDir, usesLogin: true });
  assert.equal(read('agent/gemini/.gemini/settings.json'), 'settings');
  rmSync(join(agentDir, 'gemini/.gemini'), { recursive: true });
  symlinkSync(join(root, 'outside'), join(agentDir, 'gemini/.gemini'));
  layDownHome({ program: known('gemini'), agentDir, homeDir, usesLogin: true });
  assert.equal(read('outside/settings.json'), 'untouched');
  assert.equal(existsSync(join(root, 'outside/.gemini')), false);
});
