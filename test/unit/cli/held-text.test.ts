import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldLines, screeningLines } from '../../../server/cli/commands/held.ts';
import { plain } from '../../../server/cli/style.ts';
import type { Finding, HeldItem } from '../../../server/protocol/screening.ts';

const finding: Finding = {
  rule: 'override/ignore-previous',
  meaning: 'Tells the reader to forget.',
  excerpt: 'ignore all previous',
  at: 4,
};
const item: HeldItem = {
  id: '01890000-0000-7000-8000-00004f21c0aa',
  kind: 'message',
  from: 'builder',
  to: 'reviewer',
  text: 'one\nig\u200bnore\u001b[2J',
  findings: [finding],
  heldAt: 0,
};

test('a held text is shown whole, with what cannot be seen in it and why it is held', () => {
  assert.deepEqual(heldLines(item, { now: 120_000, style: plain }), [
    '4f21c0aa  message from builder to reviewer, held 2 min ago:',
    '  override/ignore-previous  Tells the reader to forget.',
    '    ignore all previous',
    '',
    '  one',
    '  ig\\u{200b}nore\\u{1b}[2J',
  ]);
});

test('names cannot forge a line', () => {
  const [first = '', ...others] = heldLines({ ...item, from: 'x\nreleased', findings: [], text: 'y' }, { now: 0, style: plain });
  assert.match(first, /message from x released to reviewer/);
  assert.deepEqual(others, ['', '  y']);
});

test('a text that was tried out is answered by what would become of it', () => {
  assert.deepEqual(screeningLines({ verdict: 'deliver', findings: [] }, plain), ['It would be delivered.', 'Nothing was found.']);
  assert.deepEqual(screeningLines({ verdict: 'hold', findings: [{ ...finding, excerpt: '' }] }, plain), [
    'It would be held.',
    '  override/ignore-previous  Tells the reader to forget.',
  ]);
});
