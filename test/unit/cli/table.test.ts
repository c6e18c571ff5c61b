import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { displayWidth, table } from '../../../server/cli/table.ts';

describe('a table', () => {
  it('aligns its columns and leaves no trailing spaces', () => {
    const rows = [
      ['1', 'a', ''],
      ['22', 'bbb', 'note'],
    ];
    assert.deepEqual(table(['ID', 'NAME', 'DETAIL'], rows), ['ID  NAME  DETAIL', '1   a', '22  bbb   note']);
  });

  it('aligns columns with wide characters', () => {
    assert.deepEqual(table(['A', 'B'], [['你好', 'x']]), ['A     B', '你好  x']);
  });

  const widths: [text: string, cells: number][] = [
    ['abc', 3],
    ['你好', 4],
    ['e\u0301', 1],
    ['👍', 2],
    ['\u001b[31mred\u001b[0m', 3],
    ['ｱ', 1],
    ['한', 2],
  ];
  for (const [text, cells] of widths)
    it(`counts ${cells} cells for ${JSON.stringify(text)}`, () => assert.equal(displayWidth(text), cells));
});
