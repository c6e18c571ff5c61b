/** Real fences on machines that lack one layer, or both. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { makeWorld, raise, shell, summary } from '../../support/sandbox-fence.ts';
import { entry, hasBubblewrap, landlockHere } from '../../support/sandbox-world.ts';

const needsBubblewrap = { skip: !hasBubblewrap() };
const needsLandlock = { skip: landlockHere() < 6 };

describe('a fence of Landlock alone', needsLandlock, () => {
  const alone = { bwrap: null };

  test('is partial, and names what bubblewrap would hold', async (t) => {
    const { fence } = await raise(t, { host: alone });
    assert.equal(summary(fence.state), 'partial: landlock');
    for (const gap of [/\.git\/hooks/, /move a folder/, /sockets of other programs/, /command lines/, /outlive/])
      assert.match(fence.state.gaps.join('\n'), gap);
    assert.match(fence.state.remedy ?? '', /Install bubblewrap/);
    assert.equal(fence.infoFd, null);
  });

  test('keeps the data directory and what lies outside away, and takes every capability', async (t) => {
    const at = await raise(t, { host: alone });
    writeFileSync(join(at.world.dataDir, 'run', 'token'), 'secret');
    assert.match(shell(at, `cat ${at.world.dataDir}/run/token`), /Permission denied/);
    assert.match(shell(at, `echo x > ${at.world.root}/outside`), /Permission denied|cannot create/);
    // Only root can have taken away what a program could bring along; for others that is what "no new privileges" does.
    assert.match(
      shell(at, "grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status"),
      process.getuid?.() === 0 ? /CapBnd:\s*0+$/m : /NoNewPrivs:\s*1$/m,
    );
  });

  test('hides what lies in a folder that may only be read, and the rest of it can be read', async (t) => {
    const world = makeWorld(t);
    mkdirSync(join(world.homeDir, '.ssh'));
    writeFileSync(join(world.homeDir, '.ssh', 'key'), 'SECRET');
    writeFileSync(join(world.homeDir, 'notes'), 'plain');
    const paths = [...world.profile().paths, entry(world.homeDir, 'read'), entry(join(world.homeDir, '.ssh'), 'hidden')];
    const at = await raise(t, { world, host: alone, network: { paths } });
    assert.doesNotMatch(at.fence.state.gaps.join(), /hidden/);
    assert.match(shell(at, `cat ${world.homeDir}/.ssh/key`), /Permission denied/);
    assert.equal(shell(at, `cat ${world.homeDir}/notes; ls -A ${world.homeDir}`), 'plain.ssh\nnotes');
  });

  test('makes nothing in the project', async (t) => {
    const { world } = await raise(t, { host: alone });
    assert.deepEqual(readdirSync(world.projectDir), ['.git']);
  });

  test('of version 1 is told for what it is', async (t) => {
    const { fence } = await raise(t, { host: { ...alone, maxLandlockAbi: 1 }, network: { tcpConnect: [443], tcpBind: [] } });
    assert.equal(fence.state.landlockAbi, 1);
    assert.equal(fence.state.network, 'open');
    for (const gap of [/signals/, /empty files/, /abstract/, /every TCP port/]) assert.match(fence.state.gaps.join('\n'), gap);
  });

  test('that cannot be had again as it was found starts nothing', async (t) => {
    const { fence, world } = await raise(t, { host: alone });
    const [file, ...args] = fence.wrap(['/bin/echo', 'started']);
    const weaker = args.map((argument) => argument.replace('"maxLandlockAbi":7', '"maxLandlockAbi":1'));
    const ended = spawnSync(file, weaker, { cwd: world.projectDir, encoding: 'utf8' });
    assert.equal(ended.status, 126);
    assert.equal(ended.stdout, '');
    assert.match(ended.stderr, /Landlock \d is asked for, but this kernel gives 1/);
  });

  test('says of a program that is not there that it is not there', async (t) => {
    const { fence, world } = await raise(t, { host: alone });
    const [file, ...args] = fence.wrap(['no-such-program']);
    const ended = spawnSync(file, args, { cwd: world.projectDir, encoding: 'utf8', env: { PATH: '/usr/bin' } });
    assert.equal(ended.status, 126);
    assert.match(ended.stderr, /no-such-program is not there/);
  });

  test('takes the place of a bubblewrap that does not start, with its reason', async (t) => {
    const { fence, world } = await raise(t, {
      host: { bwrap: fakeBubblewrap(t, 'echo "bwrap: No permissions to create new namespace" >&2; exit 1') },
    });
    assert.equal(summary(fence.state), 'partial: landlock');
    assert.match(fence.state.remedy ?? '', /It said: bwrap: No permissions/);
    assert.deepEqual(readdirSync(world.projectDir), ['.git']);
  });

  test('takes the place of a bubblewrap that pretends', async (t) => {
    const { fence } = await raise(t, { host: { bwrap: fakeBubblewrap(t, 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"') } });
    assert.equal(fence.state.files, 'partial');
    assert.match(fence.state.gaps.join(), /sockets of other programs/);
  });
});

describe('bubblewrap without Landlock', needsBubblewrap, () => {
  test('is partial, and says that one layer is all there is', async (t) => {
    const { fence, proofs } = await raise(t, { host: { maxLandlockAbi: 0 }, network: { hasNetwork: false, tcpConnect: [], tcpBind: [] } });
    assert.equal(summary(fence.state), 'partial: bubblewrap');
    assert.deepEqual(
      proofs.filter(({ held }) => !held),
      [],
    );
    assert.match(fence.state.gaps.join(), /one flaw/);
  });
});

test('with neither the program runs as it is, and that is said', async (t) => {
  const { fence } = await raise(t, { host: { bwrap: null, maxLandlockAbi: 0 } });
  assert.equal(summary(fence.state), 'off: ');
  assert.deepEqual(fence.wrap(['/bin/true']), ['/bin/true']);
});

test('a launcher that does not start is no fence, and its reason is told', async (t) => {
  const { fence } = await raise(t, { host: { bwrap: null, launcher: '/no/such/launcher.js' } });
  assert.equal(fence.state.files, 'off');
  assert.match(fence.state.remedy ?? '', /Landlock alone: /);
});

for (const platform of ['darwin', 'win32'] as const) {
  test(`on ${platform} there is no fence, and no error`, async (t) => {
    const { fence } = await raise(t, { host: { platform } });
    assert.equal(fence.state.files, 'off');
    assert.match(fence.state.remedy ?? '', /Linux/);
  });
}

function fakeBubblewrap(t: TestContext, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'agor-bwrap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bwrap');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
