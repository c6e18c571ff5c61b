import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkMessage } from '../../../../webviews/shared/links.ts';

test('addresses of the web and of mail are opened by the panel', () => {
  for (const href of ['https://example.test/a?b#c', 'http://example.test', 'mailto:ada@example.test']) {
    assert.deepEqual(linkMessage(href), { type: 'openLink', href });
  }
});

test('a path is a file of the project, with its line', () => {
  assert.deepEqual(linkMessage('src/a%20b.ts'), { type: 'openFile', path: 'src/a b.ts' });
  assert.deepEqual(linkMessage('src/a.ts:12'), { type: 'openFile', path: 'src/a.ts', line: 12 });
  assert.deepEqual(linkMessage('src/a.ts:12:4'), { type: 'openFile', path: 'src/a.ts', line: 12 });
  assert.deepEqual(linkMessage('./a.ts#L7-L9'), { type: 'openFile', path: './a.ts', line: 7 });
  assert.deepEqual(linkMessage('a.ts#top'), { type: 'openFile', path: 'a.ts' });
  assert.deepEqual(linkMessage('main.c:3'), { type: 'openFile', path: 'main.c', line: 3 });
});

test('what leads nowhere does nothing', () => {
  for (const href of [
    '',
    '#part',
    '//host/path',
    'command:workbench.action.quit',
    'vscode:open',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ]) {
    assert.equal(linkMessage(href), null, href);
  }
});

test('a percent sign that encodes nothing is part of the name', () => {
  assert.deepEqual(linkMessage('100%.md'), { type: 'openFile', path: '100%.md' });
});
