/** How tools are shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, resultText, viewTool } from '../../../../../server/sidecar/adapters/claude/tools.ts';
import { shownPath } from '../../../../../server/sidecar/adapters/shown-path.ts';

const around = { projectDir: '/srv/shop', readText: (file: string) => (file.endsWith('old.txt') ? 'before' : null) };
const view = (name: string, input: unknown) => viewTool(name, input, around);

const titles: [string, unknown, string, string][] = [
  ['Bash', { command: 'npm test', description: 'Runs the tests' }, 'npm test', 'execute'],
  ['Read', { file_path: '/srv/shop/src/a.ts' }, 'src/a.ts', 'read'],
  ['Read', { file_path: '/etc/hosts' }, '/etc/hosts', 'read'],
  ['Grep', { pattern: 'todo' }, 'todo', 'search'],
  ['Grep', { pattern: 'todo', path: '/srv/shop/src' }, 'todo in src', 'search'],
  ['WebFetch', { url: 'https://example.org', prompt: 'x' }, 'https://example.org', 'fetch'],
  ['WebSearch', { query: 'tea' }, 'tea', 'fetch'],
  ['Agent', { description: 'Look around', prompt: 'long' }, 'Look around', 'other'],
  ['Skill', { skill: 'review' }, 'review', 'other'],
  ['NotebookEdit', { notebook_path: '/srv/shop/n.ipynb', new_source: 'x' }, 'n.ipynb', 'edit'],
  ['mcp__bus__send_message', { text: 'hi' }, 'bus: send_message', 'other'],
  ['BrandNew', { anything: 1 }, 'BrandNew', 'other'],
  ['Bash', 'no object', 'Bash', 'execute'],
  ['Bash', { command: 7 }, 'Bash', 'execute'],
];
for (const [name, input, title, kind] of titles) {
  test(`${name} ${JSON.stringify(input)} is titled "${title}"`, () => {
    const seen = view(name, input);
    assert.deepEqual([seen.title, seen.kind], [title, kind]);
  });
}

test('an edit shows what it replaces', () => {
  assert.deepEqual(view('Edit', { file_path: '/srv/shop/a.txt', old_string: 'tea', new_string: 'mate' }).content, [
    { type: 'diff', path: 'a.txt', oldText: 'tea', newText: 'mate' },
  ]);
});

test('several edits of one file are several diffs', () => {
  const edits = [
    { old_string: 'a', new_string: 'b' },
    { old_string: 'c', new_string: 'd' },
  ];
  assert.equal(view('MultiEdit', { file_path: 'a.txt', edits }).content.length, 2);
});

test('a file that is written is new, or shows what it held', () => {
  const [made] = view('Write', { file_path: '/srv/shop/new.txt', content: 'x' }).content;
  const [replaced] = view('Write', { file_path: '/srv/shop/old.txt', content: 'x' }).content;
  assert.deepEqual(made, { type: 'diff', path: 'new.txt', oldText: null, newText: 'x' });
  assert.deepEqual(replaced, { type: 'diff', path: 'old.txt', oldText: 'before', newText: 'x' });
});

test('an edit of nothing makes the file', () => {
  const [made] = view('Edit', { file_path: '/srv/shop/new.txt', old_string: '', new_string: 'x' }).content;
  assert.deepEqual(made, { type: 'diff', path: 'new.txt', oldText: null, newText: 'x' });
});

test('a plan to approve is shown as its text', () => {
  assert.deepEqual(view('ExitPlanMode', { plan: '1. tea' }).content, [{ type: 'text', text: '1. tea' }]);
});

test('paths outside of the project stay whole', () => {
  assert.equal(shownPath('/srv/shop2/a', '/srv/shop'), '/srv/shop2/a');
  assert.equal(shownPath('/srv/shop', '/srv/shop'), '/srv/shop');
  assert.equal(shownPath('src/a.ts', '/srv/shop'), 'src/a.ts');
});

test('a to-do list is a plan', () => {
  const todos = [
    { content: 'a', status: 'completed' },
    { content: 'b', status: 'in_progress' },
    { content: 'c', status: 'pending' },
  ];
  assert.deepEqual(
    planOf('TodoWrite', { todos })?.entries.map((entry) => entry.status),
    ['done', 'running', 'pending'],
  );
  assert.equal(planOf('Bash', { todos }), null);
});

test('a result is text, and what is none is named', () => {
  assert.equal(resultText('plain'), 'plain');
  assert.equal(
    resultText([
      { type: 'text', text: 'a' },
      { type: 'image', source: {} },
    ]),
    'a\n[image]',
  );
  assert.equal(resultText(undefined), '');
});
