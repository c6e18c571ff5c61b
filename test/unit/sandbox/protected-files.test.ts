/** What has become of the files that the host runs or trusts, in real folders with real repositories. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { compareProtected, type ProtectedChange, snapshotProtected } from '../../../server/sandbox/protected-files.ts';

type World = {
  readonly root: string;
  readonly project: string;
  readonly asideDir: string;
  put(name: string, text: string): void;
  read(name: string): string;
  git(...args: string[]): string;
  /** What is told after something was done. */
  after(work: () => void, options?: { isFenced?: boolean }): Promise<ProtectedChange[]>;
};

function makeWorld(t: TestContext): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agor-protected-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const project = join(root, 'project');
  const asideDir = join(root, 'aside');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project, env, encoding: 'utf8' });
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  };
  mkdirSync(project);
  git('init', '--quiet');
  return {
    ...{ root, project, asideDir, put, git },
    read: (name) => readFileSync(join(project, name), 'utf8'),
    after: async (work, { isFenced = false } = {}) => {
      const snapshot = await snapshotProtected(project, { isFenced, asideDir, homeDir: root });
      work();
      return compareProtected(snapshot);
    },
  };
}

function asideTexts({ asideDir }: World): string[] {
  return existsSync(asideDir) ? readdirSync(asideDir).map((name) => readFileSync(join(asideDir, name), 'utf8')) : [];
}

test('work on the project and commits are nothing to tell of', async (t) => {
  const world = makeWorld(t);
  const changes = await world.after(() => {
    world.put('src/a.ts', 'a');
    world.git('add', '.');
    world.git('commit', '--quiet', '-m', 'one');
    world.git('branch', 'other');
  });
  assert.deepEqual(changes, []);
});

test('what was added, changed and removed is as it was again, and what it had become is kept', async (t) => {
  const world = makeWorld(t);
  world.put('.vscode/settings.json', '{"mine":1}');
  world.put('.claude/agents/one.md', 'mine');
  const config = world.read('.git/config');
  const changes = await world.after(() => {
    world.put('.git/hooks/pre-commit', '#!/bin/sh\nevil\n');
    world.put('.git/config', '[core]\n\tfsmonitor = evil\n');
    world.put('.vscode/settings.json', '{"mine":2}');
    world.put('.vscode/tasks.json', '{"evil":1}');
    rmSync(join(world.project, '.claude'), { recursive: true });
    world.put('.mcp.json', '{"evil":2}');
  });
  assert.deepEqual(changes, [
    { path: '.claude/agents/one.md', change: 'removed', restored: true },
    { path: '.git/config', change: 'changed', restored: true },
    { path: '.git/hooks/pre-commit', change: 'added', restored: true },
    { path: '.mcp.json', change: 'added', restored: true },
    { path: '.vscode/settings.json', change: 'changed', restored: true },
    { path: '.vscode/tasks.json', change: 'added', restored: true },
  ]);
  assert.equal(world.read('.git/config'), config);
  assert.equal(world.read('.vscode/settings.json'), '{"mine":1}');
  assert.equal(world.read('.claude/agents/one.md'), 'mine');
  for (const name of ['.git/hooks/pre-commit', '.vscode/tasks.json', '.mcp.json'])
    assert.equal(existsSync(join(world.project, name)), false, name);
  assert.deepEqual(
    asideTexts(world).sort(),
    ['#!/bin/sh\nevil\n', '[core]\n\tfsmonitor = evil\n', '{"evil":1}', '{"evil":2}', '{"mine":2}'].sort(),
  );
});

test('a file that became executable is told, and its mode put back', async (t) => {
  const world = makeWorld(t);
  world.put('.git/hooks/pre-commit', 'text');
  chmodSync(join(world.project, '.git/hooks/pre-commit'), 0o644);
  const changes = await world.after(() => chmodSync(join(world.project, '.git/hooks/pre-commit'), 0o755));
  assert.deepEqual(changes, [{ path: '.git/hooks/pre-commit', change: 'changed', restored: true }]);
  assert.equal(statSync(join(world.project, '.git/hooks/pre-commit')).mode & 0o777, 0o644);
});

test('what the repository keeps is told and left: git shows it and can bring it back', async (t) => {
  const world = makeWorld(t);
  world.put('.vscode/settings.json', 'tracked');
  world.git('add', '.');
  world.git('commit', '--quiet', '-m', 'one');
  const changes = await world.after(() => world.put('.vscode/settings.json', 'changed'));
  assert.deepEqual(changes, [{ path: '.vscode/settings.json', change: 'changed', restored: false }]);
  assert.equal(world.read('.vscode/settings.json'), 'changed');
});

test('nothing is written through a link that was put in the way', async (t) => {
  const world = makeWorld(t);
  const outside = join(world.root, 'outside');
  mkdirSync(join(outside, 'hooks'), { recursive: true });
  const changes = await world.after(() => {
    renameSync(join(world.project, '.git'), join(world.project, 'moved'));
    symlinkSync(outside, join(world.project, '.git'));
  });
  const config = changes.find(({ path }) => path === '.git/config');
  assert.deepEqual(config, { path: '.git/config', change: 'removed', restored: false });
  assert.deepEqual([readdirSync(outside), readdirSync(join(outside, 'hooks'))], [['hooks'], []]);
});

test('a link in the place of a file is replaced by the file, and what it leads to is left alone', async (t) => {
  const world = makeWorld(t);
  world.put('.vscode/settings.json', 'mine');
  writeFileSync(join(world.root, 'diary'), 'dear');
  const changes = await world.after(() => {
    rmSync(join(world.project, '.vscode/settings.json'));
    symlinkSync(join(world.root, 'diary'), join(world.project, '.vscode/settings.json'));
  });
  assert.deepEqual(changes, [{ path: '.vscode/settings.json', change: 'changed', restored: true }]);
  assert.equal(lstatSync(join(world.project, '.vscode/settings.json')).isFile(), true);
  assert.equal(world.read('.vscode/settings.json'), 'mine');
  assert.equal(readFileSync(join(world.root, 'diary'), 'utf8'), 'dear');
});

test('a folder that became a file, and the other way round, is put back', async (t) => {
  const world = makeWorld(t);
  world.put('.vscode/tasks.json', 'mine');
  world.put('.mcp.json', 'mine');
  await world.after(() => {
    rmSync(join(world.project, '.vscode'), { recursive: true });
    world.put('.vscode', 'a file');
    rmSync(join(world.project, '.mcp.json'));
    world.put('.mcp.json/inside', 'x');
  });
  assert.equal(world.read('.vscode/tasks.json'), 'mine');
  assert.equal(world.read('.mcp.json'), 'mine');
});

test('inside a fence only what it cannot keep is looked at, and a common directory for git is taken away', async (t) => {
  const world = makeWorld(t);
  const changes = await world.after(
    () => {
      world.put('.vscode/tasks.json', 'the person edits it meanwhile');
      world.put('.git/commondir', '../evil');
    },
    { isFenced: true },
  );
  assert.deepEqual(changes, [{ path: '.git/commondir', change: 'added', restored: true }]);
  assert.equal(existsSync(join(world.project, '.git/commondir')), false);
  assert.equal(world.read('.vscode/tasks.json'), 'the person edits it meanwhile');
});

test('a repository inside of the project is told when it appears, and when what git obeys in it changes', async (t) => {
  const world = makeWorld(t);
  execFileSync('git', ['init', '--quiet', join(world.project, 'vendor/old')]);
  const changes = await world.after(
    () => {
      world.put('vendor/old/.git/config', '[core]\n\tfsmonitor = evil\n');
      execFileSync('git', ['init', '--quiet', join(world.project, 'vendor/new')]);
      world.put('sub/.git', 'gitdir: ../elsewhere\n');
    },
    { isFenced: true },
  );
  assert.deepEqual(changes, [
    { path: 'sub/.git', change: 'added', restored: false },
    { path: 'vendor/new/.git', change: 'added', restored: false },
    { path: 'vendor/old/.git/config', change: 'changed', restored: false },
  ]);
});

test('instructions to other agents, settings of tools and programs of installs are told and left', async (t) => {
  const world = makeWorld(t);
  world.put('AGENTS.md', 'be kind');
  world.put('node_modules/one/cli.js', '');
  mkdirSync(join(world.project, 'node_modules/.bin'));
  symlinkSync('../one/cli.js', join(world.project, 'node_modules/.bin/one'));
  world.put('.venv/pyvenv.cfg', 'home = /usr/bin');
  world.put('.venv/bin/activate', 'x');
  const changes = await world.after(
    () => {
      world.put('AGENTS.md', 'be evil');
      world.put('.npmrc', 'script-shell=/evil');
      for (const name of ['two', 'three']) symlinkSync('../one/cli.js', join(world.project, 'node_modules/.bin', name));
      world.put('.venv/bin/activate', 'y');
      world.put('.idea/startup.xml', 'x');
    },
    { isFenced: true },
  );
  assert.deepEqual(
    changes.map(({ path, change, restored }) => `${path} ${change} ${restored}`).sort(),
    [
      '.idea/startup.xml added false',
      '.npmrc added false',
      '.venv/bin changed false',
      'AGENTS.md changed false',
      'node_modules/.bin added false',
    ].sort(),
  );
});

test('names and pipes that were made to harm do not', { skip: process.platform !== 'linux' }, async (t) => {
  const world = makeWorld(t);
  const changes = await world.after(() => {
    world.put('.vscode/a\nb\u202e.json', 'x');
    execFileSync('mkfifo', [join(world.project, '.vscode/pipe')]);
    execFileSync('mkfifo', [join(world.project, 'AGENTS.md')]);
    mkdirSync(join(world.project, '.claude'));
    writeFileSync(Buffer.concat([Buffer.from(join(world.project, '.claude/x')), Buffer.from([0xff])]), 'x');
  });
  const shown = changes.map(({ path }) => path);
  assert.ok(shown.includes('.vscode/a\\nb\\u202e.json'), JSON.stringify(shown));
  assert.ok(shown.includes('.vscode/pipe') && shown.includes('AGENTS.md'));
  assert.ok(shown.some((path) => path.startsWith('.claude/x')));
  assert.equal(shown.join('').includes('\n'), false);
});

test('in a worktree the file that names the repository is put back', async (t) => {
  const world = makeWorld(t);
  world.git('commit', '--quiet', '--allow-empty', '-m', 'one');
  world.git('worktree', 'add', '--quiet', '../side');
  const side = join(world.root, 'side');
  const snapshot = await snapshotProtected(side, { isFenced: false, asideDir: world.asideDir, homeDir: world.root });
  const before = readFileSync(join(side, '.git'), 'utf8');
  writeFileSync(join(side, '.git'), 'gitdir: /elsewhere\n');
  const commondir = join(world.project, '.git/worktrees/side/commondir');
  writeFileSync(commondir, '/elsewhere\n');
  assert.deepEqual(await compareProtected(snapshot), [
    { path: commondir, change: 'changed', restored: true },
    { path: '.git', change: 'changed', restored: true },
  ]);
  assert.equal(readFileSync(join(side, '.git'), 'utf8'), before);
  assert.equal(readFileSync(commondir, 'utf8'), '../..\n');
});

test('more than can be looked at is cut off, and what is beyond it is not taken for a change', async (t) => {
  const world = makeWorld(t);
  for (let n = 0; n < 4_200; n += 1) world.put(`.claude/notes/${String(n).padStart(5, '0')}`, 'x');
  const changes = await world.after(() => rmSync(join(world.project, '.claude/notes/00001')));
  assert.deepEqual(changes, [{ path: '.claude/notes/00001', change: 'removed', restored: true }]);
});
