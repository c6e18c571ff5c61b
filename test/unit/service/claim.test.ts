import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, test } from 'node:test';
import { processIdentity } from '../../../server/base/process-identity.ts';
import type { OwnerRecord } from '../../../server/protocol/owner-record.ts';
import { claim, stepFor } from '../../../server/service/claim.ts';

const build = { version: '1.2.0', gitSha: 'abc', buildTime: 100, nodeVersion: 'v24' };
const owner: OwnerRecord = { pid: 7, startTime: '1', bootId: 'b', build, socketPath: '/s', startedAt: 1 };
const own = { build, dataDir: '/data' };

for (const [name, running, expected] of [
  ['one that is just starting is waited for', undefined, 'wait'],
  ['one of the same build makes way', owner, 'takeOver'],
  ['one of an older build makes way', { ...owner, build: { ...build, buildTime: 99 } }, 'takeOver'],
  ['one that says that it is no service makes way', { ...owner, isService: false }, 'takeOver'],
] as const) {
  test(name, () => assert.equal(stepFor(running, own), expected));
}

test('a service stays, and the sentence says how to end it', () => {
  assert.throws(() => stepFor({ ...owner, isService: true }, own), {
    code: 'conflict',
    message: 'A service serves /data already (pid 7). Stop it with "agor backend stop", or give this one another data directory.',
  });
});

test('one of a newer build stays, because its databases may be newer too', () => {
  assert.throws(() => stepFor({ ...owner, build: { ...build, version: '2.0', buildTime: 101 } }, own), {
    code: 'outdated',
    message: /of a newer build, 2\.0 \(abc\), than this program/,
  });
});

describe('an owner that is a process', () => {
  let dir: string;
  let child: ChildProcess;
  let told: number[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'agor-claim-'));
    told = [];
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(onSignal: string): Promise<void> {
    const program = `process.on('SIGTERM', () => { ${onSignal} }); setInterval(() => {}, 1000); process.stdout.write('ready')`;
    child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (child.stdout) await once(child.stdout, 'data');
    const identity = processIdentity(child.pid ?? 0);
    writeFileSync(join(dir, 'owner.json'), JSON.stringify({ ...owner, ...identity }));
  }

  const lock = { release: () => {} };
  const claimed = (hungAfterMs: number, takeLock = () => (child.exitCode !== null || child.signalCode !== null ? lock : undefined)) =>
    claim({
      ...{ ...own, takeLock, ownerRecord: join(dir, 'owner.json'), onTakeOver: (pid: number) => void told.push(pid) },
      patience: { hungAfterMs, giveUpAfterMs: 10_000 },
    });

  it('is asked once, and has its time to end', async () => {
    await start('setTimeout(() => process.exit(0), 200)');
    assert.equal(await claimed(60_000), lock);
    assert.deepEqual([told, child.exitCode], [[child.pid], 0]);
  });

  it('is ended by force when it hangs', async () => {
    await start('');
    assert.equal(await claimed(100), lock);
    assert.deepEqual([told, child.signalCode], [[child.pid], 'SIGKILL']);
  });

  it('that does not let go is told of after a while', async () => {
    await start('');
    const deps = { ...own, takeLock: () => undefined, ownerRecord: join(dir, 'none'), onTakeOver: () => {} };
    await assert.rejects(claim({ ...deps, patience: { hungAfterMs: 10, giveUpAfterMs: 50 } }), {
      code: 'unavailable',
      message: /The backend that owns \/data did not end within 0\.05 s\./,
    });
  });
});
