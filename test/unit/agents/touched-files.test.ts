import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPaths, writtenPaths } from '../../../server/agents/touched-files.ts';

test('a diff names what is written', () => {
  const diff = { type: 'diff', path: 'a.ts', oldText: null, newText: '' } as const;
  assert.deepEqual(writtenPaths([{ type: 'text', text: 'b.ts' }, diff]), ['a.ts']);
  assert.deepEqual(writtenPaths(undefined), []);
});

test('what is read is found by the words that programs use for it, and nothing else is taken for it', () => {
  for (const name of ['path', 'file_path', 'filePath', 'notebook_path']) assert.deepEqual(readPaths({ [name]: 'a.ts' }), ['a.ts']);
  for (const input of [null, 'a.ts', 3, [], { path: 3 }, { file: 'a.ts' }]) assert.deepEqual(readPaths(input), []);
});
