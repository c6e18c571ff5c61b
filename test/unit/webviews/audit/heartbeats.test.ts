import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentsOf, linesOf, runKey } from '../../../../webviews/audit/heartbeats.ts';
import { sampleRow } from '../../../support/chat-harness/audit-data.ts';

const beat = (seq: number, agentId: string | null = 'a') => sampleRow(seq, { event: 'heartbeat', agentId });
const other = (seq: number) => sampleRow(seq, { event: 'turn_started' });
const seqs = (records: Parameters<typeof linesOf>[0], unfolded: readonly number[] = []) =>
  linesOf(records, new Set(unfolded)).map(({ row, beats }) => (beats.length > 0 ? `${row.seq}×${beats.length}` : String(row.seq)));

test('heartbeats that follow each other are one line, of whichever agents they are', () => {
  assert.deepEqual(seqs([beat(9, 'a'), beat(8, 'b'), beat(7, 'a'), other(6), beat(5), other(4), beat(3), beat(2)]), [
    ...['9×3', '6', '5', '4', '3×2'],
  ]);
  assert.deepEqual(agentsOf([beat(9, 'a'), beat(8, 'b'), beat(7, 'a')]), new Set(['a', 'b']));
});

test('other rows are never put together', () => {
  assert.deepEqual(seqs([other(3), other(2), other(1)]), ['3', '2', '1']);
  assert.deepEqual(seqs([]), []);
});

test('a run that is unfolded shows each, and stays unfolded while newer ones join it', () => {
  const run = [beat(3), beat(2), beat(1)];
  assert.deepEqual(seqs(run, [runKey(run)]), ['3×3', '2', '1']);
  assert.deepEqual(seqs([beat(4), ...run], [runKey(run)]), ['4×4', '3', '2', '1']);
});
