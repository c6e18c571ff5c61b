import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ResourceLimits } from '../../../../server/protocol/supervision.ts';
import { SystemdScopes } from '../../../../server/sidecar/limits/systemd-scope.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-scopes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const limits: ResourceLimits = { memoryMb: 100, processes: 10, openFiles: 64, cpuPercent: 150, maxHeapMb: 64, hardTurnMinutes: 1 };

/** A manager whose systemd-run prints `inside` for whatever it is to run, and whose systemctl notes what it is asked. */
function manager(name: string, inside: string, result = '') {
  const runtimeDir = join(folder, name);
  const binDir = join(runtimeDir, 'bin');
  mkdirSync(join(runtimeDir, 'systemd'), { recursive: true });
  mkdirSync(binDir);
  writeFileSync(join(runtimeDir, 'systemd/private'), '');
  const asked = join(runtimeDir, 'asked');
  writeFileSync(join(binDir, 'systemd-run'), `#!/bin/sh\nprintf '${inside}'\n`);
  writeFileSync(join(binDir, 'systemctl'), `#!/bin/sh\necho "$*" >> '${asked}'\necho '${result}'\n`);
  for (const program of ['systemd-run', 'systemctl']) chmodSync(join(binDir, program), 0o755);
  return { scopes: new SystemdScopes({ runtimeDir, binDir }), asked: () => readFileSync(asked, 'utf8').trim().split('\n') };
}

describe('a scope of systemd', () => {
  it('works when the bounds inside are those that were asked for', async () => {
    assert.equal(await manager('good', `${100 * 1024 * 1024}\\n10\\n`).scopes.work(limits), true);
  });

  it('does not work without the controllers, without a manager, or without systemd', async () => {
    assert.equal(await manager('bare', 'max\\nmax\\n').scopes.work(limits), false);
    assert.equal(await new SystemdScopes({ runtimeDir: undefined }).work(limits), false);
    assert.equal(await new SystemdScopes({ runtimeDir: join(folder, 'good'), binDir: join(folder, 'none') }).work(limits), false);
  });

  it('names the manager for systemd-run alone, and gives the program its own back', () => {
    const scopes = new SystemdScopes({ runtimeDir: '/run/user/7', binDir: '/bin' });
    assert.deepEqual(scopes.prefix('unit', limits, undefined).join(' ').split(' -- '), [
      '/usr/bin/env XDG_RUNTIME_DIR=/run/user/7 /bin/systemd-run --user --scope --quiet --unit=unit' +
        ' -p MemoryMax=100M -p MemorySwapMax=0 -p TasksMax=10 -p CPUQuota=150%',
      '/usr/bin/env -u XDG_RUNTIME_DIR',
    ]);
    assert.deepEqual(scopes.prefix('unit', limits, '/own').slice(-2), ['/usr/bin/env', 'XDG_RUNTIME_DIR=/own']);
  });

  it('tells afterwards whether the kernel ended it for its memory, and leaves nothing behind', async () => {
    const killed = manager('killed', '', 'oom-kill');
    assert.deepEqual(await killed.scopes.keeper('unit').end(), { oomKills: 1 });
    assert.deepEqual(killed.asked(), [
      '--user kill --signal=SIGKILL unit.scope',
      '--user show --property=Result --value unit.scope',
      '--user reset-failed unit.scope',
    ]);
    assert.deepEqual(await manager('fine', '', 'success').scopes.keeper('unit').end(), { oomKills: 0 });
  });
});
