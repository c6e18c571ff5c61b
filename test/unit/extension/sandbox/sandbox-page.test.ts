import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanationPage } from '../../../../extension/sandbox/sandbox-page.ts';
import type { SandboxExplanation, SandboxProof, SandboxState } from '../../../../server/protocol/sandbox.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const partial: SandboxState = {
  files: 'partial',
  network: 'open',
  mode: 'preferred',
  layers: ['landlock'],
  landlockAbi: 7,
  gaps: ['It can write .git/hooks.'],
  remedy: 'Install bubblewrap.',
};
const empty: SandboxExplanation = { state: partial, paths: [], network: [], proofs: [], argv: ['bwrap'] };
const proof = (tried: string, held: boolean): SandboxProof => ({ tried, expected: 'denied', held, answer: held ? 'EROFS' : 'ok' });

test('says first how it stands and how many attempts bear it out, and lists the gaps before what held', () => {
  const page = explanationPage('demo', { ...empty, proofs: [proof('write a', true), proof('write b', false)] }, t);
  assert.match(page, /\*\*Sandbox: partial, 1 gap, network open\.\*\* 1 of 2 attempts/);
  assert.ok(page.indexOf('write b') < page.indexOf('write a'));
});

test('puts what is there for the same reason on one line, and protected places as they lie in the project', () => {
  const paths = [
    { path: '/src', access: 'write', why: 'the project' },
    { path: '/src/.git/hooks', access: 'protected', why: 'git runs it' },
    { path: '/src/.git/config', access: 'protected', why: 'git runs it' },
    { path: '/usr', access: 'read', why: 'the system' },
    { path: '/usr', access: 'read', why: 'the system' },
  ] as const;
  const page = explanationPage('demo', { ...empty, paths: [...paths] }, t);
  assert.match(page, /^- git runs it: `\.git\/hooks`, `\.git\/config`$/m);
  assert.match(page, /^- the system: `\/usr`$/m);
});

test('shows the command with one option a line', () => {
  const page = explanationPage('demo', { ...empty, argv: ['bwrap', '--dev', '/dev', '--', 'claude'] }, t);
  assert.ok(page.includes('bwrap \\\n  --dev /dev \\\n  -- claude'));
});

test('holds nothing that its hostile names could turn into a link, an image or a heading', () => {
  const name = '](command:x) <img src=x>\n# a';
  const paths = [{ path: '/src/`\n# b', access: 'write' as const, why: name }];
  const proofs = [{ tried: `write | ${name}`, expected: 'denied' as const, held: false, answer: 'ok' }];
  const page = explanationPage(name, { state: partial, paths, network: [name], proofs, argv: ['bwrap', '```'] }, t);
  assert.doesNotMatch(page, /[^\\]<img|[^\\]\]\(command|\n# [ab]/);
  assert.match(page, /✗ gap/);
  assert.match(page, /Install bubblewrap\./);
});

test('during an incident it says first that this is the narrow fence, and until when', () => {
  const incident = { beganAt: 0, endsAt: Date.now(), reason: '' };
  const page = explanationPage('demo', { ...empty, incident }, t);
  assert.match(page, /> This is the narrow fence of incident mode, until .+\. The agent gets its own back/);
  assert.doesNotMatch(explanationPage('demo', empty, t), /incident/);
});
