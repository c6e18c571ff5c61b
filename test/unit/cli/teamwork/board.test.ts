import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain, type Style } from '../../../../server/cli/style.ts';
import { displayWidth } from '../../../../server/cli/table.ts';
import { boardLines, cut, wrapped } from '../../../../server/cli/teamwork/board.ts';
import { sampleTask } from '../../../support/protocol-samples.ts';

const builder = { id: 'b', name: 'builder' };
const tasks = [
  sampleTask({ number: 1, title: 'Sell red shoes to people who walk', priority: 'high', assignee: builder }),
  sampleTask({ number: 2, title: 'Test', state: 'review', comments: 2 }),
  sampleTask({ number: 3, title: '\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587', state: 'done', parent: 1 }),
];

describe('a board', () => {
  it('has its columns side by side where there is room', () => {
    assert.deepEqual(boardLines(tasks, { columns: 100, style: plain }), [
      'TODO (1)            PROGRESS (0)        REVIEW (1)          BLOCKED (0)         DONE (1)',
      '──────────────────  ──────────────────  ──────────────────  ──────────────────  ──────────────────',
      '#1 Sell red shoes                       #2 Test                                 #3 中文中文中文中',
      'to people who walk                      2 comments                              文中文',
      'high, builder                                                                   of #1',
    ]);
  });

  for (const columns of [88, 99, 120, 200, 1000])
    it(`is never wider than a terminal of ${columns} columns, also with colours`, () => {
      const coloured: Style = (_colour, text) => `\u001b[31m${text}\u001b[39m`;
      for (const line of boardLines(tasks, { columns, style: coloured })) assert.ok(displayWidth(line) <= columns, line);
    });

  for (const columns of [40, 87, undefined])
    it(`has its columns below each other in ${columns ?? 'no'} columns`, () => {
      assert.deepEqual(boardLines(tasks.slice(0, 2), { columns, style: plain }), [
        'TODO (1)',
        columns === 40 ? '  #1 Sell red shoes to people who walk …' : '  #1 Sell red shoes to people who walk (high, builder)',
        '',
        'REVIEW (1)',
        '  #2 Test (2 comments)',
      ]);
    });

  it('shows what is rejected when there is any, and how many more a long column has', () => {
    const many = Array.from({ length: 15 }, (_, index) => sampleTask({ number: index + 1, state: 'rejected' }));
    for (const columns of [undefined, 200]) {
      const text = boardLines(many, { columns, style: plain }).join('\n');
      assert.match(text, /REJECTED \(15\)/);
      assert.match(text, /and 3 more: bttask list/);
    }
  });

  it('lets no title write over what stands beside it', () => {
    const [evil] = boardLines([sampleTask({ title: 'a\u001b[2Jb\r\nc\u0007' })], { columns: undefined, style: plain }).slice(1);
    assert.equal(evil, '  #1 ab c');
  });
});

describe('a text that is too wide', () => {
  it('is broken at blanks, in the middle of a word only where there are none', () => {
    assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapped('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
    assert.deepEqual(wrapped('abcdefghijklmnop', 4), ['abcd', 'efgh', 'ijk…']);
    assert.deepEqual(wrapped('', 4), []);
  });

  it('is cut by what it takes on the screen, and never in half a character', () => {
    assert.equal(cut('\u{1f600}\u{1f600}\u{1f600}', 5), '\u{1f600}\u{1f600}…');
    assert.equal(cut('abc', 3), 'abc');
  });
});
