import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSecurityPolicy, pageHtml } from '../../../../extension/panels/page-html.ts';

const options = {
  lang: 'en',
  title: 'demo · <b>"hi" & bye</b>',
  nonce: 'N0NCE',
  cspSource: 'https://files.example',
  scriptUri: 'https://files.example/chat.js',
  styleUris: ['https://files.example/chat.css'],
};

test('nothing is allowed that is not named, and nothing inline', () => {
  const policy = contentSecurityPolicy(options);
  assert.ok(policy.startsWith("default-src 'none'; "));
  assert.ok(policy.includes("script-src 'nonce-N0NCE';"));
  assert.ok(policy.includes("require-trusted-types-for 'script'"));
  assert.doesNotMatch(policy, /unsafe/);
});

test('the page carries its nonce for the toolkit and escapes what comes from outside', () => {
  const html = pageHtml(options);
  assert.ok(html.includes('<meta property="csp-nonce" content="N0NCE">'));
  assert.ok(html.includes('<title>demo · &lt;b&gt;&quot;hi&quot; &amp; bye&lt;/b&gt;</title>'));
  assert.equal(html.match(/<script/g)?.length, 1);
});
