import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openableLink, pathInProject } from '../../../../extension/text/links.ts';

for (const link of ['https://example.com/a?b#c', 'http://example.com/', 'mailto:someone@example.com']) {
  test(`${link} may be opened`, () => assert.equal(openableLink(link), link));
}

const refused = [
  'command:agor.stopAgent',
  'vscode://x/y',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'example.com',
  '',
];
for (const link of refused) {
  test(`${JSON.stringify(link)} may not be opened`, () => assert.equal(openableLink(link), undefined));
}

test('what is confirmed is what is opened', () => {
  assert.equal(openableLink('  HTTPS://EXAMPLE.com\t/x'), 'https://example.com/x');
});

const paths: [string, string | undefined][] = [
  ['src/a.ts', '/srv/shop/src/a.ts'],
  ['/srv/shop/src/a.ts', '/srv/shop/src/a.ts'],
  ['src/../a.ts', '/srv/shop/a.ts'],
  ['..a', '/srv/shop/..a'],
  ['.', '/srv/shop'],
  ['..', undefined],
  ['../shop-2/a.ts', undefined],
  ['/etc/passwd', undefined],
  ['src/../../other', undefined],
];
for (const [path, expected] of paths) {
  test(`${path} in /srv/shop`, () => assert.equal(pathInProject('/srv/shop', path), expected));
}
