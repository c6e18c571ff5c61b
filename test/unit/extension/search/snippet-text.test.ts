import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snippetText } from '../../../../extension/search/snippet-text.ts';

const login = { text: 'Login', isMatch: true };
const failed = { text: 'failed', isMatch: true };
const between = { text: ' of builder\n has  ', isMatch: false };

test('a query that stands in the text as it was typed is drawn bold by VS Code and needs no sign', () => {
  assert.equal(snippetText([login, between], 'login'), 'Login of builder has');
});

test('everything else that was looked for gets signs around it', () => {
  assert.equal(snippetText([login, between, failed], 'login failed'), '«Login» of builder has «failed»');
  assert.equal(snippetText([login], 'agent:builder log*'), '«Login»');
});
