import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { atSpeed, estimatedTokens, piecesOf, stretched } from '../../../server/demo-agent/pacing.ts';
import { tour } from '../../../server/demo-agent/tour.ts';

const joined = (text: string) =>
  piecesOf(text)
    .map((piece) => piece.text)
    .join('');

describe('the pieces of a text', () => {
  it('are the text again', () => {
    for (const text of ['', ' ', 'a', 'Hello  you,\n\n- one\n- two\n', '  leading and trailing \n', tour('x')])
      assert.equal(joined(text), text);
  });

  it('are small, and a paragraph is waited for longer than a word', () => {
    const pieces = piecesOf(tour('x'));
    assert.ok(pieces.every((piece) => piece.text.trim().split(/\s+/).length <= 3));
    assert.ok((piecesOf('one.\n\ntwo')[0]?.pauseMs ?? 0) > 0);
  });

  it('take as long as they are stretched to', () => {
    const totalMs = stretched(piecesOf(tour('x')), 20_000).reduce((sum, piece) => sum + piece.pauseMs, 0);
    assert.equal(Math.round(totalMs), 20_000);
    assert.deepEqual(stretched([], 1_000), []);
  });
});

describe('the speed', () => {
  it('divides the pauses, and 0 takes them away', () => {
    assert.deepEqual([atSpeed(100, 1), atSpeed(100, 4), atSpeed(100, 0.5), atSpeed(100, 0)], [100, 25, 200, 0]);
  });
});

describe('the tour', () => {
  it('has about two thousand tokens', () => {
    const tokens = estimatedTokens(tour('sample'));
    assert.ok(tokens > 1_700 && tokens < 2_300, String(tokens));
  });
});
