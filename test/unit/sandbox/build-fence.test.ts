/** Real fences of both layers around real programs. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { processIdentity } from '../../../server/base/process-identity.ts';
import type { Fence } from '../../../server/sandbox/fence.ts';
import { gapSentences } from '../../../server/sandbox/gaps.ts';
import { mountPointsDir } from '../../../server/sandbox/mount-points.ts';
import { makeWorld, raise, shell, summary } from '../../support/sandbox-fence.ts';
import { entry, hasBubblewrap, landlockHere, type SandboxWorld } from '../../support/sandbox-world.ts';

const needsBoth = { skip: !hasBubblewrap() || landlockHere() < 6 };

/** What no fence holds. */
const laterOnly = gapSentences([{ name: 'laterRuns' }]);

describe('a fence of bubblewrap and Landlock', needsBoth, () => {
  test('is full, and every single thing that was tried came out as it should', async (t) => {
    const { fence, proofs } = await raise(t);
    assert.equal(summary(fence.state), 'full: bubblewrap+landlock');
    assert.equal(fence.state.landlockAbi, Math.min(landlockHere(), 7));
    assert.deepEqual(
      proofs.filter(({ held }) => !held),
      [],
    );
    assert.deepEqual(fence.state.gaps, laterOnly);
    assert.equal(fence.state.remedy, null);
  });

  test('lets a program write the project and nothing that is guarded in it', async (t) => {
    const at = await raise(t);
    assert.equal(shell(at, 'echo hello > file && cat file'), 'hello');
    for (const path of ['.git/hooks/pre-commit', '.git/config', '.vscode/tasks.json', '.mcp.json', '.mcp.json/x'])
      assert.match(shell(at, `echo x > ${path}`), /Read-only|Is a directory|cannot create/, path);
    assert.match(shell(at, 'mv .git other'), /busy/);
    assert.match(shell(at, 'mv -T .git/info .git/hooks'), /busy/);
    assert.equal(existsSync(join(at.world.projectDir, '.git/hooks/pre-commit')), false);
  });

  test('lets a program commit, and leaves nothing in the list of changes, before or after', async (t) => {
    const at = await raise(t);
    const identity = '-c user.name=a -c user.email=a@b.c';
    assert.match(
      shell(at, `echo x > a && git add -A && git ${identity} commit -qm one && git status --porcelain && git log --oneline`),
      / one$/,
    );
    assert.equal(gitStatus(at.world), '');
    at.fence.release();
    assert.deepEqual(readdirSync(at.world.projectDir).sort(), ['.git', 'a']);
    assert.deepEqual(readdirSync(mountPointsDir(at.world.dataDir)), []);
  });

  test('shows of the machine neither the data directory, nor other temporary files, nor other processes', async (t) => {
    const at = await raise(t);
    writeFileSync(join(at.world.dataDir, 'run', 'token'), 'secret');
    assert.match(shell(at, `cat ${at.world.dataDir}/run/token`), /No such file|Permission denied/);
    assert.doesNotMatch(shell(at, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "'), /build-fence\.test/);
    assert.match(shell(at, 'echo x > /tmp/x && cat /tmp/x'), /^x$/);
    assert.equal(existsSync('/tmp/x'), false);
  });

  test('takes every capability away, also those that a program could bring along', async (t) => {
    const rights = shell(await raise(t), 'grep -E "^(Cap|NoNewPrivs)" /proc/self/status');
    assert.deepEqual(
      [...rights.matchAll(/^Cap(\w+):\s*(\w+)$/gm)].map(([, name, bits]) => [name, Number(bits)]),
      [
        ['Inh', 0],
        ['Prm', 0],
        ['Eff', 0],
        ['Bnd', 0],
        ['Amb', 0],
      ],
    );
    assert.match(rights, /NoNewPrivs:\s*1/);
  });

  test('gives the program its own environment, and keeps what could change the layers away from them', async (t) => {
    const library = join(tmpdir(), 'no-such-library.so');
    const environment = { PATH: '/usr/bin:/bin', LD_PRELOAD: library, NODE_OPTIONS: '--require /no/such/file.cjs', ANSWER: '42' };
    const at = await raise(t, { environment });
    assert.equal(at.fence.state.files, 'full');
    assert.equal(at.fence.environment(environment).LD_PRELOAD, undefined);
    const said = shell(at, 'echo $ANSWER $NODE_OPTIONS; env | grep -c AGOR_HELD', environment);
    assert.match(said, /^42 --require \/no\/such\/file\.cjs\n0/);
    assert.match(said, /LD_PRELOAD cannot be preloaded/);
  });

  test('starts the program with no signal ignored', async (t) => {
    assert.match(shell(await raise(t), 'grep SigIgn /proc/self/status'), /SigIgn:\s*0+$/);
  });

  test('passes no open file on but the three standard ones', async (t) => {
    const { fence, world } = await raise(t);
    const [file, ...args] = fence.wrap(['/bin/sh', '-c', 'cat <&7']);
    const secret = join(world.dataDir, 'run', 'token');
    writeFileSync(secret, 'a secret of the data directory');
    const inherited = execFileSync('/bin/sh', ['-c', '"$@" 3>/dev/null 7<"$0" 2>&1 || true', secret, file, ...args], {
      cwd: world.projectDir,
      env: { ...fence.environment(world.request().environment) },
      encoding: 'utf8',
    });
    assert.match(inherited, /Bad file descriptor/);
  });

  test('tells which guarded place was lifted when somebody outside replaced what is mounted there', async (t) => {
    const { fence, world } = await raise(t);
    const config = join(world.projectDir, '.git', 'config');
    const { child, childPid } = await start(t, fence, world, ['/bin/sh', '-c', 'echo started; cat']);
    assert.deepEqual(fence.lost(childPid), []);
    writeFileSync(`${config}.lock`, readFileSync(config));
    renameSync(`${config}.lock`, config);
    assert.deepEqual(fence.lost(childPid), [config]);
    child.stdin?.end();
    await once(child, 'close');
    assert.deepEqual(fence.lost(childPid), []);
    assert.deepEqual(fence.lost(process.pid), []);
  });

  test('ends the program, and what it started, when whoever started it is gone', async (t) => {
    const { fence, world } = await raise(t);
    const { child, childPid } = await start(t, fence, world, ['/bin/sh', '-c', 'setsid sleep 1000 & echo started; wait']);
    child.kill('SIGKILL');
    await once(child, 'close');
    await gone(childPid);
  });

  test('without a network reaches neither this machine nor others', async (t) => {
    const { fence } = await raise(t, { network: { hasNetwork: false, tcpConnect: [], tcpBind: [] } });
    assert.deepEqual([fence.state.files, fence.state.network, fence.state.gaps], ['full', 'none', laterOnly]);
  });

  test('with some ports names what TCP rules do not hold', async (t) => {
    const { fence } = await raise(t, { network: { tcpConnect: [443], tcpBind: [] } });
    assert.deepEqual([fence.state.files, fence.state.network, fence.state.gaps.length], ['full', 'ports', 3]);
  });

  test('an older Landlock inside is told by what gets through', async (t) => {
    const { fence } = await raise(t, { host: { maxLandlockAbi: 3 }, network: { tcpConnect: [443], tcpBind: [] } });
    assert.deepEqual([summary(fence.state), fence.state.network, fence.state.landlockAbi], ['partial: bubblewrap+landlock', 'open', 3]);
    assert.match(fence.state.gaps.join(), /abstract sockets/);
    assert.match(fence.state.remedy ?? '', /newer kernel/);
  });

  test('two fences of one project share what they mount on, and the last one cleans up', async (t) => {
    const first = await raise(t);
    const second = await raise(t, { world: first.world });
    first.fence.release();
    assert.match(shell(second, 'mkdir .vscode/x'), /Read-only/);
    second.fence.release();
    assert.deepEqual(readdirSync(first.world.projectDir), ['.git']);
  });

  test('a link that the agent put in the place of its temporary folder opens nothing', async (t) => {
    const world = makeWorld(t);
    const victim = join(world.homeDir, 'secrets');
    mkdirSync(victim);
    writeFileSync(join(victim, 'key'), 'secret');
    rmSync(join(world.agentDir, 'tmp'), { recursive: true });
    symlinkSync(victim, join(world.agentDir, 'tmp'));
    const at = await raise(t, { world });
    assert.match(shell(at, `cat /tmp/key ${victim}/key ${world.agentDir}/tmp/key; echo x > ${victim}/new`), /^((?!secret\n).)*$/s);
    assert.deepEqual(readdirSync(victim), ['key']);
  });

  test('a guarded place that is a link, which anybody inside could replace, takes full away', async (t) => {
    const world = makeWorld(t);
    symlinkSync(world.homeDir, join(world.projectDir, '.vscode'));
    const { fence } = await raise(t, { world });
    assert.equal(fence.state.files, 'partial');
    assert.match(fence.state.gaps.join(), /symbolic link: .*\.vscode/);
    assert.match(fence.state.remedy ?? '', /symbolic link/);
  });

  test('a socket in a folder that is given is named, since no mount keeps anyone from connecting', async (t) => {
    const world = makeWorld(t);
    const given = join(world.homeDir, 'given');
    mkdirSync(given);
    const server = createServer().listen(join(given, 'socket'));
    await once(server, 'listening');
    t.after(() => server.close());
    const { fence } = await raise(t, { world, network: { paths: [...world.profile().paths, entry(given, 'read')] } });
    assert.equal(fence.state.files, 'partial');
    assert.match(fence.state.gaps.join(), /sockets in folders that it was given: .*given\/socket/);
  });

  test('a hidden file cannot be read, and a hidden folder has nothing in it', async (t) => {
    const world = makeWorld(t);
    writeFileSync(join(world.projectDir, '.env'), 'SECRET=1');
    mkdirSync(join(world.projectDir, 'vault'));
    writeFileSync(join(world.projectDir, 'vault', 'key'), 'SECRET=2');
    const hidden = ['.env', 'vault'].map((name) => entry(join(world.projectDir, name), 'hidden'));
    const at = await raise(t, { world, network: { paths: [...world.profile().paths, ...hidden] } });
    assert.equal(at.fence.state.files, 'full');
    assert.match(shell(at, 'cat .env'), /Permission denied/);
    assert.equal(shell(at, 'ls -A vault'), '');
    assert.match(shell(at, 'echo x > vault/new'), /Read-only/);
  });
});

function gitStatus({ projectDir }: SandboxWorld): string {
  return execFileSync('git', ['-C', projectDir, 'status', '--porcelain'], { encoding: 'utf8' });
}

/** Until the program itself has said its first word: what bubblewrap tells comes before its mounts. */
async function start(t: TestContext, fence: Fence, world: SandboxWorld, command: readonly [string, ...string[]]) {
  const [file, ...args] = fence.wrap(command);
  const env = { ...fence.environment(world.request().environment) };
  const child: ChildProcess = spawn(file, args, { cwd: world.projectDir, env, stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const info = child.stdio[3];
  assert.ok(info && 'read' in info);
  const [[said]] = await Promise.all([once(info, 'data'), once(child.stdout ?? child, 'data')]);
  return { child, childPid: Number(/"child-pid": (\d+)/.exec(String(said))?.[1]) };
}

/** The kernel tells nobody but a parent that a process ended. */
async function gone(pid: number): Promise<void> {
  while (processIdentity(pid) !== null) await new Promise((resolve) => setTimeout(resolve, 5));
}
