import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderedWord, words } from '../../../server/demo-agent/words.ts';

describe('the word in a prompt', () => {
  const rows = [
    ['edit', 'edit'],
    ['  /Edit\n', 'edit'],
    ['Please edit it.', 'edit'],
    ['ask me something', 'ask'],
    ['long, and with many headings in it please', 'long'],
    ['help me to understand what all of this is about', 'help'],
    ['Why does my program crash at every start?', 'tools'],
    ['Can you tell me why the build is so slow?', 'tools'],
    ['editor', 'tools'],
    ['hello', 'tools'],
    ['', 'tools'],
    ['¡Hola, señor!', 'tools'],
  ] as const;
  for (const [prompt, word] of rows) it(`"${prompt.trim()}" is ${word}`, () => assert.equal(orderedWord(prompt), word));

  it('is obeyed for each that is listed', () => {
    for (const { word } of words) assert.equal(orderedWord(word), word);
  });
});
