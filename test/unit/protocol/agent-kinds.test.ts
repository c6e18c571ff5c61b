/** Which known agent a command starts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentKinds, kindFacts, kindOf } from '../../../server/protocol/agent-kinds.ts';

test('a command is known by the name of its program', () => {
  const commands: [string, string[]][] = [
    ['opencode', ['opencode', 'acp']],
    ['opencode', ['/home/me/.opencode/bin/opencode', 'acp']],
    ['gemini', ['gemini', '--experimental-acp']],
    ['gemini', ['C:\\tools\\gemini.cmd', '--acp']],
    ['codex-acp', ['codex-acp']],
    ['codex-acp', ['node', '/lib/node_modules/@agentclientprotocol/codex-acp/dist/index.js']],
    ['claude-agent-acp', ['npx', 'claude-agent-acp']],
    ['goose', ['/opt/goose', 'acp']],
    ['command', ['my-agent', '--acp']],
    ['command', ['mongoose', 'acp']],
    ['command', ['node', '/srv/gemini/other.js']],
    ['gemini', ['node', '/lib/node_modules/@google/gemini-cli/bundle/gemini.js', '--acp']],
    ['command', ['claude']],
    ['command', []],
  ];
  for (const [kind, command] of commands) assert.equal(kindOf('acp', command), kind, command.join(' '));
});

test('a provider with a program of its own is what it is, whatever starts it', () => {
  assert.equal(kindOf('claude', ['/opt/opencode']), 'claude');
  assert.equal(kindOf('codex', []), 'codex');
  assert.equal(kindOf('demo', []), 'demo');
});

test('what each is started by is known as that again', () => {
  for (const kind of agentKinds) {
    const { provider, program, args } = kindFacts[kind];
    if (program !== null) assert.equal(kindOf(provider, [program, ...args]), kind);
  }
});
