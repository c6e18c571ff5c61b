import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffLines, questionLines } from '../../../server/cli/question-text.ts';
import { plain } from '../../../server/cli/style.ts';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';

const request: PermissionRequest = {
  title: 'Run a command',
  toolName: 'Bash',
  toolKind: 'execute',
  command: null,
  cwd: '/src',
  resolved: null,
  content: [],
  reason: null,
  decisions: ['allowOnce', 'deny'],
};

describe('a permission question', () => {
  it('shows the whole command, with what is invisible in it', () => {
    const long = `echo ${'x'.repeat(5000)}; rm -rf /\u200b`;
    const text = questionLines({ ...request, command: long }, plain).join('\n');
    assert.ok(text.includes(`${'x'.repeat(5000)}; rm -rf /\\u{200b}`));
  });

  it('shows a command of several lines below each other', () => {
    const lines = questionLines({ ...request, command: 'one\ntwo' }, plain);
    assert.deepEqual(lines.slice(-2), ['  command one', '          two']);
  });

  it('does not let a title look like several lines', () => {
    assert.equal(questionLines({ ...request, title: 'a\n  tool    Read' }, plain)[0], 'a\\u{a}  tool    Read');
  });

  it('shows an edit by what differs', () => {
    const content = [{ type: 'diff', path: 'a.txt', oldText: 'a\nb\nc\n', newText: 'a\nB\nc\n' }] as const;
    const lines = questionLines({ ...request, content: [...content] }, plain);
    assert.deepEqual(lines.slice(-5), ['  a.txt', '    … 1 equal line', '  - b', '  + B', '    … 1 equal line']);
  });

  const diffs: [name: string, oldText: string | null, newText: string, expected: string[]][] = [
    ['a new file is all added', null, 'a\nb\n', ['+ a', '+ b']],
    ['a file that becomes empty is all removed', 'a\n', '', ['- a']],
    ['repeated lines are not counted twice', 'a\na\n', 'a\na\na\n', ['  … 2 equal lines', '+ a']],
    ['an empty line that is added shows', 'a\n', 'a\n\n', ['  … 1 equal line', '+ ']],
  ];
  for (const [name, oldText, newText, expected] of diffs) {
    it(name, () => assert.deepEqual(diffLines({ type: 'diff', path: 'x', oldText, newText }, plain), expected));
  }
});
