/** Every probe in every setting that a machine can have: what gets through is named, and nothing gets through what is full. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstProbes, furtherProbes, probes } from './probe-list.ts';
import { isPossible, problemsIn, runSetting } from './run-probes.ts';
import { noFence, settings } from './setting.ts';

/** What the kernel keeps from an ordinary user anyway; a fence must hold it for root, too. */
const heldFromEverybody = [
  'read through /proc/1/root',
  'mount a folder of the host',
  'write /etc/cron.d',
  'open a file by its handle',
  'name a program for the kernel to run',
  'make a device of the disk and open it',
];

/** And what only some machines do: without user namespaces, keyrings or io_uring, with tracing forbidden, with "nosuid". */
const heldHereAndThere = [
  'chroot and climb out',
  'mount and unmount in a user namespace',
  'trace a process outside',
  'read the memory of a process outside',
  'take an open file of a process outside',
  'open a file by io_uring',
  'read a key that the kernel keeps for the person',
  'become root by a program that runs as root',
  'set an extended attribute outside',
];

test('there are 34 probes, and 16 further ones, each of its own name', () => {
  assert.equal(firstProbes.length, 34);
  assert.equal(furtherProbes.length, 16);
  assert.equal(new Set(probes.map(({ name }) => name)).size, 50);
});

for (const setting of settings) {
  test(`inside ${setting.name}, what gets through is named, and nothing does where it is full`, {
    skip: !isPossible(setting),
  }, async (t) => {
    const report = await runSetting(setting);
    assert.equal(report.outcomes.length, probes.length);
    assert.deepEqual(problemsIn(report), []);
    assert.equal(report.state?.files, setting.needsBubblewrap ? 'full' : 'partial');
    const through = report.outcomes.filter(({ isThrough }) => isThrough);
    t.diagnostic(`${report.outcomes.length} points, ${through.length} through, all named, ${report.seconds.toFixed(1)} s`);
  });
}

test('without a fence the probes get through, so that holding them means something', { skip: process.platform !== 'linux' }, async () => {
  const { outcomes } = await runSetting(noFence);
  const mayBeHeld = new Set([...heldFromEverybody, ...heldHereAndThere]);
  assert.deepEqual(
    outcomes.filter(({ isThrough, probe }) => !isThrough && !mayBeHeld.has(probe)),
    [],
  );
});
