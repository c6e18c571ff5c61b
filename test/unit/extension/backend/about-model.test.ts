import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aboutLines } from '../../../../extension/backend/about-model.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleHealth } from '../../../support/protocol-samples.ts';

const health = sampleHealth({});
const own = { ...health.build, version: '2.0.0', gitSha: 'fedcba9876543', buildTime: 86_400_000 };

test('names this build, the machine, and the backend where it is another build', () => {
  assert.deepEqual(aboutLines({ own, editorVersion: '1.120.0', health }, t), [
    'Version: 2.0.0',
    'Commit: fedcba9876543',
    'Built: 1970-01-02T00:00:00.000Z',
    'VS Code: 1.120.0',
    'Node: v24.0.0',
    `Backend: 0.1.0 (abcdef012), 1970-01-01T00:00:00.001Z, process ${health.pid}`,
    `Data directory: ${health.dataDir}`,
  ]);
});

test('says that the backend is of the same build, or away', () => {
  const same = aboutLines({ own: health.build, editorVersion: '1', health }, t);
  assert.ok(same.includes(`Backend: the same build, process ${health.pid}`));
  assert.equal(aboutLines({ own, editorVersion: '1', health: undefined }, t).at(-1), 'Backend: not connected');
});
