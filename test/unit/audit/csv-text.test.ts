import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCell, csvLine } from '../../../server/audit/csv-text.ts';

test('a cell that a spreadsheet would run is text', () => {
  for (const text of ['=1+1', '+1', '-cmd', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u00a0=1', '＝1', '＠x'])
    assert.match(csvCell(text), /^"?'/, JSON.stringify(text));
});

test('what is no formula stays as it is, numbers below nothing too', () => {
  for (const text of ['turn_started', '-5', '12', 'a=b', '', 'Straße']) assert.equal(csvCell(text), text);
});

test('commas, quotes and line ends are inside their cell', () => {
  assert.equal(csvCell('a,"b"\r\n=c'), '"a,""b""\r\n=c"');
});

test('a row has its fields in their order, and what cannot be seen stands as its escape', () => {
  const row = { seq: 3, at: 0, event: '=evil()', agentId: null, actor: 'agent', detail: '{"text":"\u202e"}', prevHash: 'aa', hash: 'bb' };
  assert.equal(csvLine(row), `3,1970-01-01T00:00:00.000Z,0,'=evil(),,agent,"{""text"":""\\u202e""}",aa,bb\r\n`);
});
