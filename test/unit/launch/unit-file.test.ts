import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type UnitFacts, unitLimits, unitName, unitText } from '../../../server/launch/unit-file.ts';

const facts: UnitFacts = {
  ...{ scope: 'user', node: '/opt/node/bin/node', program: '/opt/agor/dist/cli/agor.js', args: ['serve', '--data-dir', '/home/ada/data'] },
  ...{ dataDir: '/home/ada/data', environment: { PATH: '/usr/bin:/bin' }, environmentFile: '/home/ada/.config/agor/backend.env' },
  ...{ writable: ['/home/ada/project', '/home/ada/project.worktrees'], agents: 3 },
};
const lines = (changed: Partial<UnitFacts> = {}) => unitText({ ...facts, ...changed }).split('\n');

for (const line of [
  'Type=notify',
  'NotifyAccess=main',
  'WatchdogSec=60s',
  'ExecStart=/opt/node/bin/node --max-semi-space-size=8 /opt/agor/dist/cli/agor.js serve --data-dir /home/ada/data',
  'Environment=PATH=/usr/bin:/bin',
  'EnvironmentFile=-/home/ada/.config/agor/backend.env',
  'Restart=on-failure',
  'RestartSec=10s',
  'RestartPreventExitStatus=1 2',
  'RestartForceExitStatus=75',
  'KillMode=process',
  'StandardOutput=journal',
  'SyslogIdentifier=agor',
  'MemoryMax=2G',
  'MemorySwapMax=0',
  'LimitNOFILE=65536',
  'TasksMax=256',
  'OOMPolicy=continue',
  'NoNewPrivileges=yes',
  'PrivateTmp=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ReadWritePaths=/home/ada/data',
  'ReadWritePaths=-/home/ada/project',
  'ReadWritePaths=-/home/ada/project.worktrees',
  'WantedBy=default.target',
]) {
  test(`the unit of a person says ${line}`, () => assert.ok(lines().includes(line)));
}

test('what would take the fence of agents away is not set', () => {
  const set = lines({ scope: { runAs: 'ada' } }).filter((line) => !line.startsWith('#'));
  assert.doesNotMatch(
    set.join('\n'),
    /ProtectKernelTunables|ProtectKernelLogs|ProtectProc|RestrictNamespaces|PrivateUsers|MemoryDenyWrite|UMask/,
  );
});

test('the unit of the machine runs as somebody, without capabilities', () => {
  const unit = lines({ scope: { runAs: 'ada' } });
  for (const line of ['User=ada', 'CapabilityBoundingSet=', 'WantedBy=multi-user.target']) assert.ok(unit.includes(line), line);
});

for (const [agents, memoryMb, tasks] of [
  [0, 2048, 256],
  [8, 2048, 256],
  [9, 2144, 272],
  [50, 6080, 928],
] as const) {
  test(`${agents} agents are given ${memoryMb} MB and ${tasks} tasks`, () => assert.deepEqual(unitLimits(agents), { memoryMb, tasks }));
}

for (const [name, path, line] of [
  ['a space', '/my project', 'ReadWritePaths="-/my project"'],
  ['quotes', '/a"b', 'ReadWritePaths="-/a\\"b"'],
  ['a backslash', '/a\\b', 'ReadWritePaths="-/a\\\\b"'],
  ['what systemd would replace', '/100%n', 'ReadWritePaths=-/100%%n'],
  ['letters of all the world', '/пример', 'ReadWritePaths="-/пример"'],
] as const) {
  test(`a path with ${name} stays one path`, () => assert.ok(lines({ writable: [path] }).includes(line)));
}

test('a command with what systemd would replace stays as it is', () => {
  const unit = lines({ program: '/a $HOME/x', args: ['%h'] });
  assert.ok(unit.includes('ExecStart=/opt/node/bin/node --max-semi-space-size=8 "/a $$HOME/x" %%h'));
});

test('a path that would begin another line is refused', () => {
  assert.throws(() => lines({ writable: ['/a\nExecStartPre=/bin/evil'] }), { code: 'badRequest', message: /control characters/ });
});

test('where data or projects lie in the temporary folder of all, it is shared', () => {
  assert.ok(lines({ writable: ['/tmp/project'] }).includes('PrivateTmp=no'));
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

test('systemd finds nothing wrong with the units', { skip: !hasAnalyze && 'systemd-analyze' }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'agor-unit-'));
  try {
    for (const scope of ['user', { runAs: 'root' }] as const) {
      const path = join(dir, unitName);
      writeFileSync(path, unitText({ ...facts, scope, node: process.execPath, writable: ['/a b"c', '/100%'] }));
      const words = ['verify', ...(scope === 'user' ? ['--user'] : []), path];
      const { status, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: dir } });
      assert.deepEqual([status, stderr], [0, '']);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});
