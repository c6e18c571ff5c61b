import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedValue } from '../../../server/cli/commands/config.ts';

for (const [name, words, expected] of [
  ['turns.max', ['8'], 8],
  ['turns.max', ['many'], 'many'],
  ['sandbox.mode', ['required'], 'required'],
  ['sandbox.ports', ['443', '8080'], [443, 8080]],
  ['sandbox.ports', [], []],
  ['sandbox.ports', ['https'], ['https']],
  ['sandbox.readOnlyPaths', ['/etc/x', 'notes', '../y'], ['/etc/x', '/src/notes', '/y']],
  ['sandbox.readWritePaths', [], []],
] as const) {
  test(`for ${name}, "${words.join(' ')}" means ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(typedValue(name, words, '/src'), expected);
  });
}

for (const words of [[], ['1', '2']]) {
  test(`"${words.join(' ')}" is no value of a setting that has one`, () => {
    assert.throws(() => typedValue('turns.max', words, '/src'), { code: 'badRequest', message: /one value/ });
  });
}
