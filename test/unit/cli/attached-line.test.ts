import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedLine } from '../../../server/cli/attached-line.ts';

test('a line is a prompt unless it begins with one of our words', () => {
  assert.deepEqual(typedLine('  build it '), { do: 'prompt', text: 'build it' });
  assert.deepEqual(typedLine('/compact'), { do: 'prompt', text: '/compact' });
  assert.deepEqual(typedLine('/allowed?'), { do: 'prompt', text: '/allowed?' });
  assert.deepEqual(typedLine('   '), { do: 'nothing' });
});

test('what is asked is answered, with words for the agent where it is denied', () => {
  assert.deepEqual(typedLine('/allow'), { do: 'answer', decision: 'allowOnce' });
  assert.deepEqual(typedLine('/session'), { do: 'answer', decision: 'allowSession' });
  assert.deepEqual(typedLine('/deny'), { do: 'answer', decision: 'deny' });
  assert.deepEqual(typedLine('/deny not on main'), { do: 'answer', decision: 'deny', message: 'not on main' });
});

test('the turn is stopped and the terminal left by words of ours', () => {
  assert.deepEqual(['/stop', '/leave', '/?'].map(typedLine), [{ do: 'stop' }, { do: 'leave' }, { do: 'help' }]);
});
