/** What of a project, and of the git data that belongs to it, an agent may write and what not. */
import { test } from 'node:test';
import type { SandboxPath } from '../../../server/protocol/sandbox.ts';
import { assertAccess, profileOf } from '../../support/profile-world.ts';

test('what the host runs or trusts in the project is guarded, and what a commit needs is not', () => {
  const { paths } = profileOf({}, { '/home/ada/code/app/.idea/workspace.xml': '', '/home/ada/code/app/all.code-workspace': '' });
  const inProject = (names: Readonly<Record<string, SandboxPath['access']>>) =>
    assertAccess(paths, Object.fromEntries(Object.entries(names).map(([name, access]) => [`/home/ada/code/app/${name}`, access])));
  inProject({
    '.git/hooks/pre-commit': 'protected',
    '.git/config': 'protected',
    '.git/info/attributes': 'protected',
    '.vscode/tasks.json': 'protected',
    '.claude/settings.json': 'protected',
    '.codex/config.toml': 'protected',
    '.mcp.json': 'protected',
    '.idea/startup.xml': 'protected',
    'all.code-workspace': 'protected',
    '.git/index': 'write',
    '.git/HEAD': 'write',
    '.git/objects/ab': 'write',
    '.git/refs/heads/main': 'write',
    '.git/logs/HEAD': 'write',
    '.zed/settings.json': 'write',
  });
});

test('hooks that the repository keeps among its files are guarded where git was told to run them', () => {
  const files = {
    '/home/ada/code/app/.git/config': '[core]\n\thooksPath = tools/hooks\n',
    '/home/ada/code/app/tools/hooks/pre-commit': '',
    '/home/ada/code/app/tools/build.sh': '',
  };
  const { paths } = profileOf({}, files);
  assertAccess(paths, { '/home/ada/code/app/tools/hooks/pre-commit': 'protected', '/home/ada/code/app/tools/build.sh': 'write' });
  const outside = profileOf(
    {},
    { ...files, '/home/ada/code/app/.git/config': '[core]\n\thooksPath = /home/ada/hooks\n', '/home/ada/hooks/x': '' },
  );
  assertAccess(outside.paths, { '/home/ada/hooks/x': 'none' });
});

test('the configuration of submodules and of other worktrees is guarded too', () => {
  const git = '/home/ada/code/app/.git';
  const { paths } = profileOf(
    {},
    {
      [`${git}/modules/libs/one/HEAD`]: '',
      [`${git}/modules/libs/one/config`]: '',
      [`${git}/worktrees/fix/commondir`]: '../..',
      [`${git}/worktrees/fix/gitdir`]: '/home/ada/code/fix/.git',
    },
  );
  assertAccess(paths, {
    [`${git}/modules/libs/one/config`]: 'protected',
    [`${git}/modules/libs/one/hooks/post-checkout`]: 'protected',
    [`${git}/modules/libs/one/index`]: 'write',
    [`${git}/worktrees/fix/commondir`]: 'protected',
    [`${git}/worktrees/fix/gitdir`]: 'protected',
    [`${git}/worktrees/fix/HEAD`]: 'write',
  });
});

const worktree = {
  '/home/ada/code/fix/.git': 'gitdir: /home/ada/code/app/.git/worktrees/fix\n',
  '/home/ada/code/app/.git/objects/info/x': '',
  '/home/ada/code/app/.git/worktrees/fix/gitdir': '/home/ada/code/fix/.git\n',
  '/home/ada/code/app/.git/worktrees/fix/commondir': '../..\n',
  '/home/ada/code/app/.git/worktrees/other/HEAD': '',
};

test('in a worktree a commit can be made, and no other part of the repository changes', () => {
  const { paths } = profileOf({ projectDir: '/home/ada/code/fix' }, worktree);
  const git = '/home/ada/code/app/.git';
  assertAccess(paths, {
    '/home/ada/code/fix/.git': 'protected',
    '/home/ada/code/fix/a.txt': 'write',
    [`${git}/objects/ab`]: 'write',
    [`${git}/refs/heads/fix`]: 'write',
    [`${git}/logs/refs/heads/fix`]: 'write',
    [`${git}/worktrees/fix/index`]: 'write',
    [`${git}/worktrees/fix/commondir`]: 'protected',
    [`${git}/worktrees/fix/gitdir`]: 'protected',
    [`${git}/worktrees/other/HEAD`]: 'read',
    [`${git}/config`]: 'read',
    [`${git}/hooks/pre-commit`]: 'read',
    [`${git}/HEAD`]: 'read',
    '/home/ada/code/app/src': 'none',
  });
});

test('a .git file opens nothing of a folder that does not name the project in turn', () => {
  const elsewhere: ReadonlyArray<Readonly<Record<string, string>>> = [
    { ...worktree, '/home/ada/code/app/.git/worktrees/fix/gitdir': '/home/ada/code/quite-another/.git\n' },
    { ...worktree, '/home/ada/code/app/.git/worktrees/fix/commondir': '../../../../.ssh\n' },
    { '/home/ada/code/fix/.git': 'gitdir: /home/ada/.ssh\n' },
    { '/home/ada/code/fix/.git': 'gitdir: ../../.ssh\n' },
    { '/home/ada/code/fix/.git': '-> ../app/.git' },
  ];
  for (const files of elsewhere) {
    const { paths } = profileOf({ projectDir: '/home/ada/code/fix' }, files);
    assertAccess(paths, {
      '/home/ada/.ssh/id_ed25519': 'none',
      '/home/ada/code/app/.git/objects': 'none',
      '/home/ada/code/app/.git/config': 'none',
    });
  }
});

test('a submodule commits into the folder that names it', () => {
  const files = {
    '/home/ada/code/app/libs/one/.git': 'gitdir: ../../.git/modules/libs/one\n',
    '/home/ada/code/app/.git/modules/libs/one/config': '[core]\n\tworktree = ../../../../libs/one\n',
    '/home/ada/code/app/.git/modules/libs/one/HEAD': '',
  };
  const { paths } = profileOf({ projectDir: '/home/ada/code/app/libs/one' }, files);
  assertAccess(paths, {
    '/home/ada/code/app/.git/modules/libs/one/index': 'write',
    '/home/ada/code/app/.git/modules/libs/one/config': 'protected',
    '/home/ada/code/app/.git/config': 'none',
    '/home/ada/code/app/libs/one/.git': 'protected',
  });
});
