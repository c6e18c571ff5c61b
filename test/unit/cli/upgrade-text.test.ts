import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusLines } from '../../../server/cli/commands/upgrade.ts';
import { sampleDeployed, sampleUpgrade, someBuild } from '../../support/upgrade-samples.ts';

const own = someBuild('newer', 86_400_000);

test('says who serves, what became of the last change, and who may not serve', () => {
  const lines = statusLines({
    dataDir: '/data',
    own,
    deployed: sampleDeployed(someBuild('older', 1)),
    last: sampleUpgrade({ state: 'wentBack', reason: 'it hung' }),
    refused: [{ build: 'newer.0-newer-2', reason: 'it hung', at: 0 }],
  });
  assert.deepEqual(lines, [
    'Serves         older.0 (older), since 2026-01-01T00:00:00.000Z, from /runtime/older',
    'This command   newer.0 (newer), built 1970-01-02T00:00:00.000Z',
    'Last change    older.0 (older) to newer.0 (newer) on 1970-01-01T00:00:00.000Z; the new one was taken back: it hung',
    'Refused        newer.0-newer-2 on 1970-01-01T00:00:00.000Z: it hung',
  ]);
});

test('says where nobody has served yet', () => {
  const [first, ...others] = statusLines({ dataDir: '/data', own, deployed: null, last: null, refused: [] });
  assert.deepEqual([first, others.length], ['Serves         no build yet', 1]);
});
