/** How others see whether a service is alive: by its file, its port, its command, and as systemd is told. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HealthFile } from '../../server/protocol/health-file.ts';
import { until } from '../support/live-backend.ts';
import { NotifyListener, noNotifyListener } from '../support/notify-listener.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { Served } from '../support/served.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

describe('a service that is alive', () => {
  let home: AgorHome;
  let service: Served;
  let port: number;

  before(async () => {
    [home, port] = [await agorHome(), await freePort()];
    const before = await home.run(['health']);
    assert.equal(before.code, 2);
    assert.match(before.stdout, /^CRITICAL: health file missing \(.*\/run\/health\.json\): no backend runs\n$/);
    assert.ok(!existsSync(home.dataDir));
    service = new Served(home.dataDir, { env: { AGOR_HEALTH_PORT: String(port) } });
    await service.ready();
  });
  after(async () => {
    await service.stop('SIGCONT');
    await home.close();
  });

  it('says so in its file', () => {
    const file = HealthFile.parse(JSON.parse(readFileSync(join(home.dataDir, 'run/health.json'), 'utf8')));
    assert.deepEqual([file.pid, file.gitSha, file.db], [service.child.pid, 'dev', { sessions: 'ok', btmsg: 'ok' }]);
  });

  it('answers on its port what everybody may know', async () => {
    await until(() =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      ),
    );
    const response = await fetch(`http://localhost:${port}/health`);
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.deepEqual(JSON.parse(text).db, { sessions: 'ok', btmsg: 'ok' });
    assert.ok(JSON.parse(text).ageMs < 30_000);
    assert.doesNotMatch(text, new RegExp(home.dataDir));
  });

  it('answers the command, which says how old the last good round is', async () => {
    const check = await home.run(['health', '--check']);
    assert.equal(check.code, 0);
    assert.match(check.stdout, /^OK: health file is \d+ s old \(max 30 s\); answered in \d+ ms\n$/);
    const shown = await home.run(['health']);
    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /^Backend +healthy, pid \d+, .*\nCheck +OK: health file is /);
  });

  it('shows where its settings come from', async () => {
    const { stdout } = await home.run(['config', 'list']);
    assert.match(stdout, new RegExp(`^health\\.port +${port} +AGOR_HEALTH_PORT$`, 'm'));
    assert.match(stdout, /^health\.maxAgeSec +30 +default$/m);
    const set = await home.run(['config', 'set', 'health.port', '0']);
    assert.equal(set.stdout, `${port}\nAGOR_HEALTH_PORT in the backend's environment goes before what was set just now.\n`);
  });

  it('is critical when it hangs, and is left as it is by who asks', async () => {
    service.child.kill('SIGSTOP');
    await until(async () => (await home.run(['health', '--max-age', '1'])).code === 2);
    const { stdout } = await home.run(['health', '--check', '--max-age', '1']);
    assert.match(stdout, /^CRITICAL: health file is \d+ s old \(max 1 s\): the backend \(pid \d+\) hangs\n$/);
    assert.equal(service.child.exitCode, null);
    service.child.kill('SIGCONT');
    await until(async () => (await home.run(['health', '--check'])).code === 0);
  });

  it('is critical when it was killed, and nothing is started', async () => {
    service.child.kill('SIGKILL');
    await service.ended;
    const { code, stdout } = await home.run(['health']);
    assert.equal(code, 2);
    assert.match(stdout, /^CRITICAL: the backend \(pid \d+\) is gone; its health file is \d+ s old\n$/);
  });

  it('leaves no file behind when it ends in order', async () => {
    service = new Served(home.dataDir);
    await service.ready();
    assert.equal(await service.stop(), 0);
    assert.ok(!existsSync(join(home.dataDir, 'run/health.json')));
  });

  it('is not started with a setting that cannot be used', async () => {
    const refused = new Served(home.dataDir, { env: { AGOR_TURNS_MAX: '0' } });
    assert.equal(await refused.ended, 2);
    assert.match(refused.stderr, /^error: AGOR_TURNS_MAX cannot be "0": a whole number from 1 to 100 is expected\. .*\n$/);
  });
});

describe('systemd', { skip: noNotifyListener() }, () => {
  let dir: string;
  let listener: NotifyListener;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'agor-notify-'));
    listener = await NotifyListener.on(join(dir, 'notify'));
  });
  after(async () => {
    await listener.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('hears that the service is ready, of each good round, and that it ends', async () => {
    const env = { NOTIFY_SOCKET: join(dir, 'notify'), WATCHDOG_USEC: '600000' };
    const service = new Served(join(dir, 'data'), { env });
    await listener.heard(/^READY=1\|MAINPID=\d+\|STATUS=healthy; 0 of 5 turns/);
    await listener.heard(/^WATCHDOG=1\|/, 3);
    assert.equal(await service.stop(), 0);
    await listener.heard(/^STOPPING=1/);
    assert.match(listener.messages[1] ?? '', new RegExp(`MAINPID=${service.child.pid}\\|`));
  });

  it('that is gone costs nothing but its watching', async () => {
    const service = new Served(join(dir, 'data'), { env: { NOTIFY_SOCKET: join(dir, 'nobody') } });
    await service.seen(/systemd was not told/);
    assert.equal(await service.stop(), 0);
  });
});

describe('a system without systemd', { skip: existsSync('/run/systemd/system') && 'a system without systemd' }, () => {
  let home: AgorHome;

  before(async () => {
    home = await agorHome();
  });
  after(() => home.close());

  it('is told so in one sentence, and nothing is written', async () => {
    for (const verb of ['install', 'uninstall', 'status']) {
      const { code, stdout, stderr } = await home.run(['service', verb]);
      assert.deepEqual([code, stdout], [1, '']);
      assert.equal(
        stderr,
        'error: This system is not run by systemd, so no service can be installed. Let what starts programs here run "agor serve" instead.\n',
      );
    }
    assert.ok(!existsSync(home.dataDir));
  });

  it('shows the unit that it would have, with the folders of its projects', async () => {
    await home.run(['project', 'add', '.']);
    const { stdout } = await home.run(['service', 'print']);
    for (const line of [`ReadWritePaths=${home.dataDir}`, `ReadWritePaths=-${home.project}`, 'PrivateTmp=no'])
      assert.ok(stdout.split('\n').includes(line), line);
    assert.match(stdout, new RegExp(`^ExecStart=${process.execPath} .*/agor\\.ts serve --data-dir ${home.dataDir}$`, 'm'));
  });
});
