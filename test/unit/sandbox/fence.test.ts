import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '../../../scripts/environment.ts';
import { SandboxExplanation } from '../../../server/protocol/sandbox.ts';
import { explainFence } from '../../../server/sandbox/explain.ts';
import { raiseFence } from '../../../server/sandbox/fence.ts';
import { gapSentences } from '../../../server/sandbox/gaps.ts';
import { sandboxHost } from '../../../server/sandbox/host.ts';
import { createSandboxWorld, hasBubblewrap, landlockHere } from '../../support/sandbox-world.ts';

const hasBoth = hasBubblewrap() && landlockHere() >= 6;
const nothing = { ...sandboxHost(), bwrap: null, maxLandlockAbi: 0 };

function makeWorld(t: TestContext) {
  const world = createSandboxWorld();
  t.after(() => world.remove());
  return world;
}

test('a fence that is required and cannot be full is refused, with what is missing and what to do', async (t) => {
  const request = makeWorld(t).request({ mode: 'required' });
  await assert.rejects(raiseFence(request, nothing), {
    code: 'refused',
    message: /but here it is off\. Nothing holds it.*Install bubblewrap/,
  });
  await assert.rejects(raiseFence(request, { ...nothing, platform: 'darwin' }), { code: 'refused', message: /needs Linux/ });
});

test('a fence that is preferred is taken as it is', async (t) => {
  const fence = await raiseFence(makeWorld(t).request(), nothing);
  assert.equal(fence.state.files, 'off');
  assert.deepEqual(fence.wrap(['/bin/true', 'a']), ['/bin/true', 'a']);
});

test('one that is switched off is off, and nobody is told to change that', async (t) => {
  const { state } = await raiseFence(makeWorld(t).request({ mode: 'off' }));
  assert.deepEqual([state.files, state.mode, state.remedy], ['off', 'off', null]);
});

test('a data directory that cannot be written is named', async (t) => {
  const world = makeWorld(t);
  const dataDir = join(world.root, 'file');
  writeFileSync(dataDir, 'in the way');
  await assert.rejects(raiseFence({ ...world.request(), dataDir }, { ...nothing, platform: 'linux' }), {
    code: 'storage',
    message: /file/,
  });
});

test('a full fence around the profile of a real agent', { skip: !hasBoth }, async (t) => {
  const world = makeWorld(t);
  const fence = await raiseFence(world.request({ mode: 'required', network: 'none' }));
  t.after(() => fence.release());
  assert.deepEqual([fence.state.files, fence.state.network, fence.state.gaps], ['full', 'none', gapSentences([{ name: 'laterRuns' }])]);
  const [file, ...args] = fence.wrap([process.execPath, '-p', '6 * 7']);
  const options = { cwd: world.projectDir, env: { ...fence.environment(world.request().environment) }, encoding: 'utf8' } as const;
  assert.equal(spawnSync(file, args, { ...options, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] }).stdout, '42\n');
});

test('explains what can be reached, with a proof of each, and leaves nothing behind', { skip: !hasBoth }, async (t) => {
  const world = makeWorld(t);
  const explained = await explainFence(world.request({ network: 'ports', ports: [443] }));
  assert.deepEqual(SandboxExplanation.parse(explained), explained);
  assert.equal(explained.state.files, 'full');
  assert.deepEqual(explained.network, ['It can connect to TCP port 443.', 'It can listen on no TCP port.']);
  assert.ok(explained.argv[0]?.endsWith('bwrap'));
  for (const path of [world.projectDir, world.dataDir, '/tmp', '/proc'])
    assert.ok(
      explained.paths.some((entry) => entry.path === path),
      path,
    );
  assert.ok(explained.paths.every(({ path, access }) => access === 'protected' || existsSync(path)));
  assert.ok(explained.proofs.some(({ tried, answer, held }) => tried === 'write .git/hooks' && answer === 'EROFS' && held));
  assert.deepEqual(readdirSync(world.projectDir), ['.git']);
});

test('explains what is off as well, and refuses nothing', async (t) => {
  const explained = await explainFence(makeWorld(t).request({ mode: 'required' }), nothing);
  assert.deepEqual([explained.state.files, explained.paths, explained.proofs], ['off', [], []]);
  assert.match(explained.network.join(), /whatever you can/);
});

test('the built launcher works away from the repository', { skip: !hasBoth }, async (t) => {
  assert.ok(existsSync(join(root, 'dist', 'sandbox-launcher.js')), 'There is no dist/sandbox-launcher.js: run npm run build first.');
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'agor-copy-')));
  t.after(() => rmSync(copy, { recursive: true }));
  for (const name of ['sandbox-launcher.js', 'package.json', 'native'])
    cpSync(join(root, 'dist', name), join(copy, name), { recursive: true });
  const fence = await raiseFence(makeWorld(t).request(), { ...sandboxHost(), launcher: join(copy, 'sandbox-launcher.js') });
  t.after(() => fence.release());
  assert.equal(fence.state.files, 'full');
});
