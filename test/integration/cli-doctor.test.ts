/** The doctor and the runbook as a person uses them: on a fresh directory, with a backend, after a kill, and on damage. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { BootReport, Examination } from '../../server/protocol/doctor.ts';
import { OwnerRecord } from '../../server/protocol/owner-record.ts';
import { flipBit } from '../support/crashed-stores.ts';
import { until } from '../support/live-backend.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { gitEnvironment } from '../support/worktrees-world.ts';

let home: AgorHome;
beforeEach(async () => {
  home = await agorHome({ TMPDIR: tmpdir() });
});
afterEach(() => home.close());

async function examined(...options: string[]): Promise<Examination & { readonly code: number | null }> {
  const { code, stdout } = await home.run(['doctor', ...options, '--json']);
  return { ...Examination.parse(JSON.parse(stdout)), code };
}

function worse({ findings }: Examination): string[] {
  return findings
    .filter(({ level, area }) => /warning|problem/.test(level) && /data|files|backend/.test(area))
    .map(({ level, id }) => `${level} ${id}`);
}

function owner(): OwnerRecord {
  return OwnerRecord.parse(JSON.parse(readFileSync(join(home.dataDir, 'run', 'owner.json'), 'utf8')));
}

async function killBackend(): Promise<void> {
  const killed = owner();
  process.kill(killed.pid, 'SIGKILL');
  await until(() => !isSameProcess(killed));
}

test('where nothing is yet, nothing is made and nothing is wrong', async () => {
  const found = await examined();
  assert.deepEqual([found.backend, worse(found), existsSync(home.dataDir)], ['none', [], false]);
});

test('a backend that runs is asked, not ended or replaced; what others could read is closed by it, and told in the audit log', async () => {
  await home.json(['project', 'add', '.']);
  const { pid } = owner();
  chmodSync(join(home.dataDir, 'logs'), 0o755);
  const found = await examined();
  assert.deepEqual([found.backend, worse(found)], ['running', ['warning files.open']]);
  const fixed = await examined('--fix');
  assert.deepEqual(
    fixed.fixed.map(({ what }) => what),
    ['gave logs the mode 0700'],
  );
  assert.deepEqual(worse(fixed), []);
  assert.equal(statSync(join(home.dataDir, 'logs')).mode & 0o777, 0o700);
  assert.equal(owner().pid, pid);
  assert.match(JSON.stringify(await home.json(['audit', 'list', '--event', 'doctor_fixed'])), /gave logs the mode 0700/);
});

test('after a kill the doctor owns the directory: stale sockets go, what no agent owns is moved, and both are audited', async () => {
  await home.json(['project', 'add', '.']);
  await killBackend();
  const orphan = join(home.dataDir, 'agents', 'nobody');
  mkdirSync(join(orphan, 'private'), { recursive: true, mode: 0o700 });
  const long = (Date.now() - 2 * 3_600_000) / 1_000;
  utimesSync(orphan, long, long);
  const { fixed, code } = await examined('--fix');
  assert.equal(code, 0);
  assert.ok(fixed.some(({ what }) => what === 'removed run/backend.sock'));
  assert.ok(fixed.some(({ what }) => what.startsWith('moved agents/nobody to quarantine')));
  assert.deepEqual(await examined().then(worse), []);
  assert.match(JSON.stringify(await home.json(['audit', 'list', '--event', 'doctor_fixed'])), /agents\/nobody/);
});

test('a worktree without its folder is found with and without a backend, put right by one, and a folder without a row stays', async () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: home.project, env: gitEnvironment, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '-m', 'first');
  await home.json(['project', 'add', '.', '--trust']);
  await home.json(['agent', 'add', 'coder', '--provider', 'demo']);
  const { path } = (await home.json(['worktree', 'create', 'coder'])) as { readonly path: string };
  const left = join(path, '..', 'left');
  git('worktree', 'add', '--quiet', '-b', 'agor/left', left);
  rmSync(path, { recursive: true });
  const both = ['warning files.goneWorktrees', 'warning files.strayWorktrees'];
  assert.deepEqual(worse(await examined()), both);
  await home.run(['backend', 'stop']);
  const alone = await examined('--fix');
  assert.deepEqual([worse(alone), alone.fixed], [both, []]);
  assert.match(JSON.stringify(alone.findings), /agor worktree remove [0-9a-f-]{36}/);
  await home.json(['project', 'list']);
  const after = await examined('--fix');
  assert.deepEqual(after.fixed, [{ what: `removed the worktree ${path}, whose folder was gone`, error: null }]);
  assert.deepEqual([worse(after), existsSync(left)], [both.slice(1), true]);
  assert.match(JSON.stringify(await home.json(['audit', 'list', '--event', 'worktree_removed'])), /\.bundle/);
});

test('a backend that does not answer is told as such with what ends it, and is left alone', async () => {
  await home.json(['project', 'add', '.']);
  const { pid } = owner();
  process.kill(pid, 'SIGSTOP');
  try {
    const found = await examined();
    assert.deepEqual([found.backend, found.code, isSameProcess(owner())], ['deaf', 1, true]);
    assert.match(JSON.stringify(found.findings), new RegExp(`kill -9 ${pid}`));
    // What is on disk is looked at all the same.
    assert.ok(found.findings.some(({ id, level }) => id === 'data.btmsg.db' && level === 'ok'));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('damage that SQLite does not notice is a problem with exit code 1, and the command that helps is named', async () => {
  await home.json(['project', 'add', '.']);
  await home.run(['backend', 'stop']);
  const path = join(home.dataDir, 'btmsg.db');
  const at = readFileSync(path).indexOf(home.project);
  assert.ok(at > 0);
  flipBit(path, at + 2);
  const { code, stdout } = await home.run(['doctor']);
  assert.equal(code, 1);
  assert.match(stdout, /✗ The audit log is not what was written: Row 1 is not what was written/);
  assert.match(stdout, /agor recover/);
});

test('the installation is verified over a backend of its own, of which nothing is left', async () => {
  const { code, stdout } = await home.run(['doctor', '--boot', '--json']);
  const report = BootReport.parse(JSON.parse(stdout));
  assert.deepEqual(
    report.steps.map(({ name, isOk }) => [name, isOk]),
    ['backend started', 'agent added', 'prompt answered', 'fence tried out', 'agent removed', 'ended and removed'].map((name) => [
      name,
      true,
    ]),
  );
  assert.deepEqual([code, report.isWhole], [0, true]);
  assert.deepEqual(readdirSync(join(home.dataDir, 'scratch')), []);
  assert.equal(existsSync(join(home.dataDir, 'sessions.db')), false);
});

test('a procedure that was finished leaves a report and a row that names it; steps that it does not have are refused', async () => {
  const { stdout } = await home.run(['runbook', 'show', 'stuck']);
  assert.match(stdout, /agor agent interrupt <agent>/);
  const done = await home.json(['runbook', 'finish', 'daily', '--done', '1,2', '--note', 'nothing odd']);
  const { report } = done as { readonly report: string };
  assert.match(readFileSync(report, 'utf8'), /- \[x\] 1\. Look at the backend.*\n.*- \[x\] 2\..*\n- \[ \] 3\./s);
  assert.equal(statSync(report).mode & 0o777, 0o600);
  assert.match(JSON.stringify(await home.json(['audit', 'list', '--event', 'procedure_finished'])), /nothing odd/);
  const refused = await home.run(['runbook', 'finish', 'daily', '--done', '99']);
  assert.deepEqual([refused.code, /has 7 steps, and no step 99/.test(refused.stderr)], [1, true]);
  assert.equal((await home.run(['runbook', 'finish', 'daily'])).code, 2);
});

test('what the doctor found is salvaged by recover, with a report in the data directory; then the doctor finds it whole', async () => {
  await home.json(['project', 'add', '.', '--name', 'A name to be found']);
  await home.run(['backend', 'stop']);
  const path = join(home.dataDir, 'sessions.db');
  flipBit(path, readFileSync(path).indexOf('A name to be found') + 3);
  assert.match(JSON.stringify(await examined().then(worse)), /problem data\.rows/);
  const inspected = await home.run(['recover']);
  assert.deepEqual(
    [inspected.code, /! .*sessions\.db can be used, but rows in it were changed on the disk: projects 1\./.test(inspected.stdout)],
    [1, true],
  );
  const { code, stdout } = await home.run(['recover', 'sessions', '--salvage', '--json']);
  assert.equal(code, 0, stdout);
  const { report } = JSON.parse(stdout);
  assert.match(readFileSync(report, 'utf8'), /- projects, row 1.*\| projects \| 0 \| 1 \| no \|.*every row fits its hash/s);
  assert.deepEqual(await examined().then(worse), []);
  assert.match(JSON.stringify(await home.json(['audit', 'list', '--event', 'data_restored'])), /recover-sessions-/);
});
