import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { isForPerson, showOn } from '../../../server/service/console-log.ts';

for (const [env, isTerminal, expected] of [
  [{}, false, false],
  [{}, true, true],
  [{ NODE_ENV: 'development' }, false, true],
  [{ NODE_ENV: 'production' }, false, false],
] as const) {
  test(`with ${JSON.stringify(env)} ${isTerminal ? 'at' : 'without'} a terminal, lines are ${expected ? 'readable' : 'JSON'}`, () => {
    assert.equal(isForPerson(env, isTerminal), expected);
  });
}

test('the journal gets each record as it is, a person those that matter', () => {
  const [journal, terminal] = [new PassThrough(), new PassThrough()];
  for (const show of [showOn(journal, 'json'), showOn(terminal, 'readable')]) {
    show('{"level":30}\n', { level: 'info', message: 'backend ready' });
    show('{"level":20}\n', undefined);
  }
  assert.equal(String(journal.read()), '{"level":30}\n{"level":20}\n');
  assert.equal(String(terminal.read()), 'info  backend ready\n');
});

test('a reader that hung up ends nothing', () => {
  const output = new PassThrough();
  const show = showOn(output, 'json');
  output.emit('error', new Error('EPIPE'));
  show('{}\n', undefined);
  assert.equal(output.read(), null);
});
