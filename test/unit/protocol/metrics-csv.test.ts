import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCell, metricsCsv } from '../../../server/protocol/metrics-csv.ts';
import { sampleMeasured } from '../../support/metrics-samples.ts';

test('a row has a cell for each heading, and what is unknown is empty', () => {
  const [heading, row, rest] = metricsCsv([sampleMeasured({ costUsd: null, model: null, title: 'Build the door' })]).split('\r\n');
  assert.equal(rest, '');
  assert.equal(heading?.split(',').length, row?.split(',').length);
  assert.match(row ?? '', /,Build the door,2026-01-02T03:04:05\.000Z,2026-01-02T03:05:05\.000Z,60,success,/);
  assert.match(row ?? '', /,,,2,0\.667,0,completed$/);
});

test('what an agent wrote is never a formula, and never leaves its cell', () => {
  for (const text of ['=1+1', '+1', '-1', '@sum(1)', ' =1+1', '\t=1', '\r=1', '\0=1']) {
    const cell = csvCell(text);
    assert.ok(cell.startsWith("'") || cell.startsWith(`"'`), JSON.stringify(cell));
  }
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvCell('one\ntwo'), '"one\ntwo"');
  assert.equal(csvCell('plain = text'), 'plain = text');
  assert.equal(csvCell(-5), '-5');
  assert.equal(csvCell(null), '');
});
