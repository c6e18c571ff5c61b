/** What an agent's Claude Code finds when it starts, whatever the agent has done to the folder before. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { adoptConversation, forgetLogin, layDownConfig } from '../../../../../server/sidecar/adapters/claude/config-folder.ts';

function makePlaces(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'agor-config-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const places = {
    configDir: join(root, 'agent/claude'),
    ownerDir: join(root, 'home/.claude'),
    ownerState: join(root, 'home/.claude.json'),
  };
  return { root, put, places, read: (path: string) => readFileSync(join(root, path), 'utf8') };
}

const empty = ['.claude.json', 'CLAUDE.md', 'agents', 'commands', 'output-styles', 'rules', 'settings.json', 'skills'];

test('the settings, instructions and skills are the person’s', (t) => {
  const { put, read, places } = makePlaces(t);
  put('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm *)"]}}');
  put('home/.claude/CLAUDE.md', 'Speak Latin.');
  put('home/.claude/skills/one/SKILL.md', 'skill');
  assert.equal(layDownConfig(places), 0);
  assert.equal(read('agent/claude/settings.json'), '{"permissions":{"deny":["Bash(rm *)"]}}');
  assert.equal(read('agent/claude/CLAUDE.md'), 'Speak Latin.');
  assert.equal(read('agent/claude/skills/one/SKILL.md'), 'skill');
  assert.deepEqual(readdirSync(places.configDir).sort(), empty);
});

test('nothing of the person’s conversations, servers or permissions comes along', (t) => {
  const { put, read, places } = makePlaces(t);
  put('home/.claude/projects/-other/x.jsonl', 'private');
  put('home/.claude/plugins/p/hook.sh', 'run');
  put(
    'home/.claude.json',
    '{"oauthAccount":{"emailAddress":"ada@b.c"},"mcpServers":{"x":{"command":"run"}},"projects":{"/p":{"allowedTools":["Bash"]}}}',
  );
  layDownConfig(places);
  assert.deepEqual(JSON.parse(read('agent/claude/.claude.json')), {
    oauthAccount: { emailAddress: 'ada@b.c' },
    hasCompletedOnboarding: true,
  });
  assert.deepEqual(readdirSync(places.configDir).sort(), empty);
});

test('with a key of its own there is nothing of the person’s in it', (t) => {
  const { put, read, places } = makePlaces(t);
  put('home/.claude/settings.json', '{"env":{}}');
  put('home/.claude.json', '{"primaryApiKey":"k"}');
  layDownConfig({ ...places, ownerDir: null });
  assert.equal(read('agent/claude/settings.json'), '{}\n');
  assert.deepEqual(JSON.parse(read('agent/claude/.claude.json')), { hasCompletedOnboarding: true });
});

test('of what was there only the conversations stay', (t) => {
  const { put, read, places } = makePlaces(t);
  put('agent/claude/projects/-p/one.jsonl', 'said');
  put('agent/claude/settings.json', '{"permissions":{"allow":["Bash(*)"]}}');
  put('agent/claude/plugins/planted/hooks.json', '{}');
  put('agent/claude/agents/planted.md', 'x');
  put('agent/claude/.claude.json', '{"mcpServers":{"planted":{}}}');
  layDownConfig(places);
  assert.equal(read('agent/claude/projects/-p/one.jsonl'), 'said');
  assert.deepEqual(readdirSync(places.configDir).sort(), [...empty, 'projects'].sort());
  assert.deepEqual(readdirSync(join(places.configDir, 'agents')), []);
  assert.equal(read('agent/claude/.claude.json').includes('planted'), false);
});

test('links that the agent left are removed and never followed', (t) => {
  const { root, put, read, places } = makePlaces(t);
  put('outside/settings.json', 'untouched');
  put('outside/deep/keep.txt', 'untouched');
  mkdirSync(dirname(places.configDir), { recursive: true });
  symlinkSync(join(root, 'outside'), places.configDir);
  layDownConfig(places);
  assert.equal(lstatSync(places.configDir).isDirectory(), true);
  for (const name of ['settings.json', 'agents', 'projects', '.claude.json']) {
    rmSync(join(places.configDir, name), { recursive: true, force: true });
    symlinkSync(join(root, 'outside', name === 'settings.json' ? name : 'deep'), join(places.configDir, name));
  }
  layDownConfig(places);
  forgetLogin(places.configDir);
  assert.equal(read('outside/settings.json'), 'untouched');
  assert.deepEqual(readdirSync(join(root, 'outside/deep')), ['keep.txt']);
  assert.equal(read('agent/claude/settings.json'), '{}\n');
});

test('the person’s own links are followed, a circle among them too, and what is too much stays out', (t) => {
  const { root, put, read, places } = makePlaces(t);
  put('dotfiles/settings.json', '{"model":"opus"}');
  put('home/.claude/skills/a/SKILL.md', 'a');
  put('home/.claude/commands/large.md', 'x'.repeat(5 * 1024 * 1024));
  symlinkSync(join(root, 'dotfiles/settings.json'), join(places.ownerDir, 'settings.json'));
  symlinkSync('..', join(places.ownerDir, 'skills/circle'));
  assert.ok(layDownConfig(places) > 0);
  assert.equal(read('agent/claude/settings.json'), '{"model":"opus"}');
  assert.equal(read('agent/claude/skills/a/SKILL.md'), 'a');
  assert.equal(existsSync(join(places.configDir, 'commands/large.md')), false);
});

test('a conversation of the person’s own folder goes on in the agent’s, and no other one comes along', (t) => {
  const { put, read, places } = makePlaces(t);
  const id = '0190c0de-0000-4000-8000-000000000001';
  put(`home/.claude/projects/-p/${id}.jsonl`, 'earlier');
  put('home/.claude/projects/-p/other.jsonl', 'private');
  layDownConfig(places);
  adoptConversation(places, id);
  assert.equal(read(`agent/claude/projects/-p/${id}.jsonl`), 'earlier');
  put(`agent/claude/projects/-p/${id}.jsonl`, 'later');
  adoptConversation(places, id);
  assert.equal(read(`agent/claude/projects/-p/${id}.jsonl`), 'later');
  for (const name of ['../-p/other', 'unknown', '']) adoptConversation(places, name);
  assert.deepEqual(readdirSync(join(places.configDir, 'projects/-p')), [`${id}.jsonl`]);
});
