/** What an agent's program may read, write and must not touch, as tables over files that are only told of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SandboxPlan } from '../../../server/protocol/sandbox.ts';
import { assertAccess, base, plan, profileOf } from '../../support/profile-world.ts';

test('of the home folder only what is named is there', () => {
  const { paths } = profileOf();
  assertAccess(paths, {
    '/usr/bin/bash': 'read',
    '/etc/passwd': 'read',
    '/home/ada/code/app/src/index.ts': 'write',
    '/home/ada/.gitconfig': 'read',
    '/home/ada/.ssh/id_ed25519': 'none',
    '/home/ada/.git-credentials': 'none',
    '/home/ada/.claude/settings.json': 'none',
    '/home/ada/code/other': 'none',
    '/home/ada/.local/share/agor/btmsg.db': 'hidden',
    '/home/ada/.local/share/agor/run/token': 'hidden',
    '/home/ada/.local/share/agor/agents/2/agent': 'hidden',
    '/home/ada/.local/share/agor/agents/1/private': 'hidden',
    '/home/ada/.local/share/agor/agents/1/agent/tmp': 'write',
  });
});

test('tools on the PATH can be used, and nothing that lies beside them', () => {
  const files = {
    '/home/ada/.nvm/versions/node/v24/bin/node': '',
    '/home/ada/.nvm/versions/node/v24/lib/node_modules/npm/cli.js': '',
    '/home/ada/.cargo/bin/cargo': '',
    '/home/ada/.cargo/credentials.toml': 'token',
    '/home/ada/.rustup/settings.toml': '',
    '/home/ada/tools/bin/x': '',
    '/home/ada/tools/lib/y': '',
    '/home/ada/tools/notes.txt': '',
  };
  const path = ['/home/ada/.nvm/versions/node/v24/bin', '/home/ada/.cargo/bin', '/home/ada/tools/bin', '/usr/bin'].join(':');
  const { paths } = profileOf({ environment: { PATH: path } }, files);
  assertAccess(paths, {
    '/home/ada/.nvm/versions/node/v24/lib/node_modules/npm/cli.js': 'read',
    '/home/ada/.cargo/bin/cargo': 'read',
    '/home/ada/.rustup/settings.toml': 'read',
    '/home/ada/.cargo/credentials.toml': 'none',
    '/home/ada/tools/lib/y': 'read',
    '/home/ada/tools/notes.txt': 'none',
  });
});

test('a PATH that names the home folder, the data directory or everything gives none of them', () => {
  for (const wide of ['/home/ada', '/home', '/', '/home/ada/.local/share/agor', '/home/ada/.local/share', '.', '../..', '']) {
    const { paths } = profileOf({ environment: { PATH: `${wide}:/usr/bin` } });
    assertAccess(paths, { '/home/ada/.ssh/id_ed25519': 'none', '/home/ada/.local/share/agor/btmsg.db': 'hidden' });
  }
});

test('tools of the project stay as writable as the rest of it', () => {
  const { paths } = profileOf(
    { environment: { PATH: '/home/ada/code/app/node_modules/.bin:/usr/bin' } },
    { '/home/ada/code/app/node_modules/.bin/tsc': '' },
  );
  assertAccess(paths, { '/home/ada/code/app/node_modules/.bin/tsc': 'write' });
});

test('a program is given with the package and the installation that it is part of, through links and interpreters', () => {
  const files = {
    '/home/ada/.local/bin/agent': '-> ../lib/node_modules/@vendor/agent/cli.js',
    '/home/ada/.local/lib/node_modules/@vendor/agent/cli.js': '#!/home/ada/apps/node/bin/node\n',
    '/home/ada/.local/lib/node_modules/@vendor/agent/parts.js': '',
    '/home/ada/.local/share/private.txt': '',
    '/home/ada/apps/node/bin/node': '',
    '/home/ada/apps/node/lib/x': '',
    '/home/ada/apps/diary.txt': '',
  };
  const { paths } = profileOf({ command: ['/home/ada/.local/bin/agent', '--acp'] }, files);
  assertAccess(paths, {
    '/home/ada/.local/bin/agent': 'read',
    '/home/ada/.local/lib/node_modules/@vendor/agent/parts.js': 'read',
    '/home/ada/.local/share/private.txt': 'none',
    '/home/ada/apps/node/bin/node': 'read',
    '/home/ada/apps/node/lib/x': 'read',
    '/home/ada/apps/diary.txt': 'none',
  });
});

test('Claude Code sees nothing of the person’s own folder but the scripts that its settings run', () => {
  const files = {
    '/home/ada/.claude/.credentials.json': '',
    '/home/ada/.claude/hooks/lint.sh': '',
    '/home/ada/.claude/projects/-other/x.jsonl': '',
    [`${base.agentDir}/claude/settings.json`]: '{}',
    [`${base.agentDir}/claude/CLAUDE.md`]: '',
  };
  const { paths } = profileOf({ provider: 'claude', credentials: 'login' }, files);
  assertAccess(paths, {
    '/home/ada/.claude/.credentials.json': 'none',
    '/home/ada/.claude/projects/-other/x.jsonl': 'none',
    '/home/ada/.claude.json': 'none',
    '/home/ada/.claude/hooks/lint.sh': 'read',
    [`${base.agentDir}/claude/settings.json`]: 'protected',
    [`${base.agentDir}/claude/CLAUDE.md`]: 'protected',
    [`${base.agentDir}/claude/projects`]: 'write',
  });
  assertAccess(profileOf({ provider: 'claude', credentials: 'secret' }, files).paths, { '/home/ada/.claude/hooks/lint.sh': 'none' });
});

test('of a known program of another vendor only the login is shared, and with a key of its own not even that', () => {
  const files = { '/home/ada/.codex/auth.json': '', '/home/ada/.codex/config.toml': '', '/home/ada/.codex/sessions/x.jsonl': '' };
  const command = ['/usr/bin/npx', '-y', '@zed-industries/codex-acp'] as const;
  const { paths } = profileOf({ command, credentials: 'login' }, files);
  assertAccess(paths, {
    '/home/ada/.codex/auth.json': 'write',
    '/home/ada/.codex/config.toml': 'none',
    '/home/ada/.codex/sessions/x.jsonl': 'none',
  });
  assertAccess(profileOf({ command, credentials: 'secret' }, files).paths, { '/home/ada/.codex/auth.json': 'none' });
  assertAccess(profileOf({ credentials: 'login' }, files).paths, { '/home/ada/.codex/auth.json': 'none' });
});

test('keys stay hidden and start files stay as they are where the home folder itself was given', () => {
  for (const request of [{ projectDir: '/home/ada' }, { plan: { ...plan, readWritePaths: ['/home/ada'] } }]) {
    const { paths } = profileOf(request);
    assertAccess(paths, {
      '/home/ada/.ssh/id_ed25519': 'hidden',
      '/home/ada/.bashrc': 'protected',
      '/home/ada/.local/share/agor/btmsg.db': 'hidden',
      '/home/ada/.local/share/agor/agents/1/agent/tmp': 'write',
      '/home/ada/notes.txt': 'write',
    });
  }
  const named = profileOf({ plan: { ...plan, readOnlyPaths: ['/home/ada/.ssh'] } });
  assertAccess(named.paths, { '/home/ada/.ssh/id_ed25519': 'read' });
});

test('what the person adds is given, and another project among it is guarded like the first', () => {
  const files = { '/srv/shared/.git/HEAD': '', '/srv/shared/.git/config': '', '/srv/docs/a.md': '' };
  const { paths } = profileOf({ plan: { ...plan, readWritePaths: ['/srv/shared'], readOnlyPaths: ['/srv/docs'] } }, files);
  assertAccess(paths, {
    '/srv/shared/src': 'write',
    '/srv/shared/.git/hooks/pre-push': 'protected',
    '/srv/shared/.vscode/tasks.json': 'protected',
    '/srv/docs/a.md': 'read',
  });
});

test('the file that names the resolver is followed to where it is', () => {
  assertAccess(profileOf().paths, { '/etc/resolv.conf': 'read' });
  assert.ok(profileOf().paths.some(({ path }) => path === '/etc/resolv.conf'));
});

test('passwords of the machine are hidden where this user could read them', () => {
  assertAccess(profileOf({}, { '/etc/shadow': '' }).paths, { '/etc/shadow': 'hidden' });
  assert.equal(
    profileOf().paths.some(({ access, path }) => access === 'hidden' && path.startsWith('/etc')),
    false,
  );
});

test('the network is what was asked for, and the ports of its endpoints are open when only ports are', () => {
  const environment = { ...base.environment, ANTHROPIC_BASE_URL: 'http://127.0.0.1:4000/v1', https_proxy: 'http://proxy', NO_PROXY: 'x' };
  const networkOf = (network: SandboxPlan['network']) => {
    const { hasNetwork, tcpConnect, tcpBind } = profileOf({ environment, plan: { ...plan, network, ports: [443] } });
    return [hasNetwork, tcpConnect, tcpBind];
  };
  assert.deepEqual(networkOf('none'), [false, [], []]);
  assert.deepEqual(networkOf('ports'), [true, [443, 4000, 80], []]);
  assert.deepEqual(networkOf('open'), [true, 'any', 'any']);
});

test('the temporary folder is the agent’s own, whatever the environment says', () => {
  assert.equal(profileOf().temporaryDir, `${base.agentDir}/tmp/0a`);
  for (const TMPDIR of ['/tmp', 'tmp', '', `${base.agentDir}/../tmp`]) {
    assert.equal(profileOf({ environment: { TMPDIR } }).temporaryDir, `${base.agentDir}/tmp`, TMPDIR);
  }
});

test('during an incident the project and its git data are only read, and nothing is held free in it', () => {
  const narrow: SandboxPlan = { ...plan, isTightened: true, readOnlyPaths: ['/srv/added'] };
  const { paths } = profileOf({ plan: narrow });
  assertAccess(paths, {
    '/home/ada/code/app/src/index.ts': 'read',
    '/home/ada/code/app/.git/HEAD': 'read',
    '/srv/added/x': 'read',
    '/home/ada/.local/share/agor/agents/1/agent/tmp': 'write',
  });
  assert.deepEqual(
    paths.filter(({ access }) => access === 'protected'),
    [],
  );
});

test('during an incident a commit of a worktree is written nowhere', () => {
  const files = {
    '/home/ada/code/tree/.git': 'gitdir: /home/ada/code/app/.git/worktrees/tree\n',
    '/home/ada/code/app/.git/worktrees/tree/gitdir': '/home/ada/code/tree/.git\n',
    '/home/ada/code/app/.git/worktrees/tree/commondir': '../..\n',
    '/home/ada/code/app/.git/objects/info': '',
  };
  const { paths } = profileOf({ plan: { ...plan, isTightened: true }, projectDir: '/home/ada/code/tree' }, files);
  assertAccess(paths, { '/home/ada/code/app/.git/objects/ab': 'read', '/home/ada/code/app/.git/worktrees/tree/index': 'read' });
});
