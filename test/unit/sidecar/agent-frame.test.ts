import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameError, misfitError, oversizeError, readFrame } from '../../../server/sidecar/agent-frame.ts';

const place = { offset: 12, bytes: 34 };

function problemOf(line: string) {
  const frame = readFrame(line);
  return frame.isFrame ? null : frame.problem;
}

describe('a line of an agent', () => {
  it('is a frame when it is JSON, whatever its fields are called', () => {
    for (const line of ['{"a":1}', 'null', '7e400', '{"a":1,"a":2}', '{"__proto__":{"polluted":true}}', '{"constructor":1}']) {
      assert.ok(readFrame(line).isFrame, line);
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('is quoted when it is not, without what could draw over our words', () => {
    assert.deepEqual(problemOf('\u001B[2JWelcome'), { kind: 'badFrame', why: 'no JSON: [2JWelcome' });
    assert.deepEqual(problemOf('{"half":'), { kind: 'badFrame', why: 'no JSON: {"half":' });
    assert.equal(problemOf('x'.repeat(5_000))?.why.length, 'no JSON: '.length + 201);
  });

  it('is binary when it holds a zero byte or what was no UTF-8', () => {
    assert.equal(problemOf('a\0b')?.kind, 'binary');
    assert.equal(problemOf('\uFFFD\uFFFD')?.kind, 'binary');
    assert.ok(readFrame('"a\uFFFDb"').isFrame, 'a frame with a broken character is a frame');
  });

  it('is refused when it is nested so deep that nobody could write it down again', () => {
    for (const [open, close] of [['[', ']'] as const, ['{"a":', '}'] as const]) {
      assert.match(problemOf(`${open.repeat(200_000)}1${close.repeat(200_000)}`)?.why ?? '', /200 levels/);
      assert.ok(readFrame(`${open.repeat(200)}1${close.repeat(200)}`).isFrame);
      assert.equal(readFrame(`${open.repeat(201)}1${close.repeat(201)}`).isFrame, false);
    }
  });
});

describe('what is told of a broken protocol', () => {
  it('names the place, and stands for one line', () => {
    assert.deepEqual(frameError({ kind: 'badFrame', why: 'w' }, place), {
      type: 'protocolError',
      problem: 'badFrame',
      offset: 12,
      bytes: 34,
      count: 1,
      detail: 'w',
    });
    assert.equal(misfitError('{}', place).detail, 'no message of the protocol: {}');
    assert.deepEqual(oversizeError(place).detail, 'longer than the 4 MiB that a line may have');
  });
});
