import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oversizeError, type ProtocolError } from '../../../server/sidecar/agent-frame.ts';
import { ProtocolErrors } from '../../../server/sidecar/protocol-errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const told: ProtocolError[] = [];
  return { clock, told, errors: new ProtocolErrors({ clock, tell: (error) => told.push(error) }) };
}

const at = (offset: number) => oversizeError({ offset, bytes: 10 });

test('the first one is told at once, and a flood once a second with its numbers', () => {
  const { clock, told, errors } = setUp();
  for (let offset = 0; offset < 5_000; offset++) errors.add(at(offset));
  assert.equal(told.length, 1);
  clock.advance(1_000);
  assert.deepEqual(
    told.map(({ offset, bytes, count }) => [offset, bytes, count]),
    [
      [0, 10, 1],
      [1, 49_990, 4_999],
    ],
  );
  errors.add(at(6_000));
  assert.equal(told.length, 2, 'a second has not passed since the last one');
  clock.advance(1_000);
  assert.equal(told.length, 3);
});

test('after a quiet second the next one is told at once again, and nothing waits', () => {
  const { clock, told, errors } = setUp();
  errors.add(at(0));
  clock.advance(1_000);
  assert.equal(clock.waiting, 0);
  errors.add(at(1));
  assert.equal(told.length, 2);
});

test('one kind of problem does not hide another', () => {
  const { told, errors } = setUp();
  errors.add(at(0));
  errors.add({ ...at(1), problem: 'badFrame' });
  assert.deepEqual(
    told.map(({ problem }) => problem),
    ['oversizeLine', 'badFrame'],
  );
});
