/** Which known agent a command starts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentKinds, kindFacts, kindOf, lacksOf } from '../../../server/protocol/agent-kinds.ts';

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

const usage = { inputTokens: 5, costUsd: null };
const opened = { resume: true };

test('what one does without is what was measured of the kind', () => {
  const lacks = (command: string[]) => lacksOf({ provider: 'acp', command, capabilities: null, usage: null });
  assert.deepEqual(lacks(['gemini', '--acp']), ['cost', 'retries']);
  assert.deepEqual(lacks(['codex-acp']), ['cost', 'errors']);
  assert.deepEqual(lacks(['my-agent']), ['retries']);
  assert.deepEqual(lacksOf({ provider: 'claude', command: [], capabilities: null, usage: null }), []);
});

test('what an agent has shown of itself counts before that', () => {
  const mine = { provider: 'acp', command: ['my-agent'] } as const;
  assert.deepEqual(lacksOf({ ...mine, capabilities: { resume: false, asks: false }, usage }), ['cost', 'asks', 'resume', 'retries']);
  assert.deepEqual(lacksOf({ ...mine, capabilities: opened, usage: { ...usage, costUsd: 0 } }), ['retries']);
});

test('the cost of Codex is that of a price table, and missing only where that has none', () => {
  const codex = { provider: 'codex', command: [], capabilities: opened } as const;
  assert.deepEqual(lacksOf({ ...codex, usage: null }), []);
  assert.deepEqual(lacksOf({ ...codex, usage: { ...usage, costUsd: 0.1 } }), []);
  assert.deepEqual(lacksOf({ ...codex, usage: { ...usage, unpriced: ['m'] } }), ['cost']);
});
