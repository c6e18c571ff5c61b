import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenSecrets, parseGivenSecrets } from '../../../server/secrets/headless-sources.ts';

test('a JSON object of names and values is taken', () => {
  const source = givenSecrets(parseGivenSecrets('{"b": "2", "a": "1", "empty": ""}'), 7);
  assert.deepEqual(
    source.list().map(({ name }) => name),
    ['a', 'b', 'empty'],
  );
  assert.deepEqual(source.list()[0], { name: 'a', updatedAt: 7, source: 'descriptor' });
  assert.deepEqual([source.read('a'), source.read('empty'), source.read('c')], ['1', null, null]);
});

for (const [name, text] of [
  ['no JSON', 'sk-canary-1234'],
  ['no object', '["sk-canary-1234"]'],
  ['a value that is no text', '{"a": {"sk-canary-1234": 1}}'],
  ['a name that cannot be one', '{"sk-canary-1234": "a"}'],
  ['nothing', ''],
] as const) {
  test(`${name} is refused, and nothing of it is repeated`, () => {
    assert.throws(
      () => parseGivenSecrets(text),
      (error: Error) => !`${error.message}${String(error.cause)}${error.stack}`.includes('canary') && /JSON object/.test(error.message),
    );
  });
}
