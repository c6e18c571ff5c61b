import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeScratch, removeScratch, sweepScratch } from '../../../server/sidecar/scratch.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-scratch-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const noLog = () => assert.fail('nothing was to be told');

test('only the folder of this run stays, and what stale ones point to is left alone', async () => {
  const precious = join(folder, 'precious');
  mkdirSync(precious);
  writeFileSync(join(precious, 'file'), 'x');
  const own = join(folder, 'tmp/this');
  makeScratch(own);
  makeScratch(join(folder, 'tmp/that/deep'));
  symlinkSync(precious, join(folder, 'tmp/that/link'));
  symlinkSync(precious, join(folder, 'tmp/link'));
  writeFileSync(join(folder, 'tmp/file'), '');
  await sweepScratch(own, noLog);
  assert.deepEqual(readdirSync(join(folder, 'tmp')), ['this']);
  assert.ok(existsSync(join(precious, 'file')));
});

test('at the end it is gone, and removing it twice is nothing', async () => {
  const own = join(folder, 'tmp/this');
  writeFileSync(join(own, 'left'), '');
  await removeScratch(own, noLog);
  await removeScratch(own, noLog);
  assert.equal(existsSync(own), false);
});
