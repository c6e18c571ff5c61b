import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanationLines } from '../../../server/cli/commands/sandbox.ts';
import { plain } from '../../../server/cli/style.ts';
import type { SandboxExplanation } from '../../../server/protocol/sandbox.ts';

const explanation: SandboxExplanation = {
  state: {
    ...{ files: 'full', network: 'ports', mode: 'required', layers: ['bubblewrap', 'landlock'] },
    ...{ landlockAbi: 7, gaps: [], remedy: null },
  },
  paths: [
    { path: '/srv/shop', access: 'write', why: 'the project' },
    { path: '/usr', access: 'read', why: 'system libraries' },
    { path: '/srv/shop/.git/hooks', access: 'protected', why: 'runs on the host' },
    { path: '/home/me', access: 'hidden', why: 'your files' },
  ],
  network: ['It can connect to TCP port 443.'],
  proofs: [
    { tried: 'write .git/hooks', expected: 'denied', held: true, answer: 'EROFS' },
    { tried: 'connect to port 22', expected: 'denied', held: false, answer: 'ok' },
  ],
  argv: ['bwrap', '--', 'claude\u001b[2J'],
  resources: { by: ['cgroup2'], gaps: [] },
};

test('what an agent can reach is shown by kind, with what was tried, gaps first', () => {
  const lines = explanationLines('demo', explanation, { now: 0, style: plain });
  assert.equal(lines[0], 'demo  full by bubblewrap and Landlock (ABI 7); network on some ports only; mode required');
  const text = lines.join('\n');
  for (const part of ['It can read and write', 'It can read\n', 'It cannot change', 'It sees an empty folder', 'Network', 'Bounds']) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /\/srv\/shop\/\.git\/hooks +runs on the host/);
  assert.match(text, /GAP +connect to port 22 +not denied +ok\n +ok +write \.git\/hooks +denied +EROFS/);
  assert.match(text, /Started as\n {2}bwrap -- claude$/);
});

test('of an agent without a sandbox only what there is is shown', () => {
  const off = { ...explanation.state, files: 'off', layers: [], network: 'open', remedy: 'It is Linux only.' } as const;
  const lines = explanationLines(
    'demo',
    { state: { ...off, layers: [], gaps: [] }, paths: [], network: [], proofs: [], argv: [] },
    { now: 0, style: plain },
  );
  assert.deepEqual(lines.slice(0, 2), [
    'demo  off: agents can do what you can do; network open; mode required',
    '  remedy: It is Linux only.',
  ]);
});

test('during an incident it says until when the narrow fence is the one that applies', () => {
  const incident = { beganAt: 0, endsAt: 60_000, reason: '' };
  const text = explanationLines('demo', { ...explanation, incident }, { now: 0, style: plain }).join('\n');
  assert.match(text, /Incident mode until 1970-01-01 00:01 UTC \(1 min 0 s left\)\n {2}This is its narrow fence/);
});
