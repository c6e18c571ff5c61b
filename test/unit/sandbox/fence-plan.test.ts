import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { SandboxPath } from '../../../server/protocol/sandbox.ts';
import { type FencePlan, type Mount, planFence, withoutPlaces } from '../../../server/sandbox/fence-plan.ts';
import { entry } from '../../support/sandbox-world.ts';

/** A folder with `project/.git/hooks`, `project/.git/config` and `agent/tmp` in it. */
function makeFolder(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agor-plan-')));
  t.after(() => rmSync(root, { recursive: true }));
  const [project, agent] = [join(root, 'project'), join(root, 'agent')];
  mkdirSync(join(project, '.git', 'hooks'), { recursive: true });
  mkdirSync(join(agent, 'tmp'), { recursive: true });
  writeFileSync(join(project, '.git', 'config'), '');
  return { root, project, agent, temporaryDir: join(agent, 'tmp') };
}

function plan(paths: SandboxPath[], temporaryDir = '/none', ownPaths: string[] = []): FencePlan {
  return planFence({ paths, temporaryDir, tcpConnect: 'any', tcpBind: 'any', hasNetwork: true }, ownPaths);
}

/** Without those that every plan has. */
function mountsOf({ mounts }: FencePlan): [Mount['kind'], string][] {
  return mounts.filter(({ path }) => !['/proc', '/dev', '/tmp'].includes(path)).map(({ kind, path }) => [kind, path]);
}

test('a protected place is mounted read-only, and the folders on the way to it are mounts that cannot be renamed', (t) => {
  const { project } = makeFolder(t);
  const planned = plan([entry(project, 'write'), entry(join(project, '.git/hooks'), 'protected')]);
  assert.deepEqual(mountsOf(planned), [
    ['write', project],
    ['write', join(project, '.git')],
    ['read', join(project, '.git/hooks')],
  ]);
  assert.deepEqual(planned.guarded, [join(project, '.git/hooks')]);
  assert.deepEqual(planned.pinned, [join(project, '.git')]);
  assert.deepEqual(planned.folders, [join(project, '.git'), join(project, '.git/hooks')]);
});

test('a protected place that is missing is made with all that is missing on the way', (t) => {
  const { project } = makeFolder(t);
  const settings = join(project, '.claude', 'settings.json');
  const planned = plan([entry(project, 'write'), entry(settings, 'protected')]);
  assert.deepEqual(planned.missing, [join(project, '.claude'), settings]);
  assert.deepEqual(planned.folders, []);
  assert.deepEqual(mountsOf(planned), [
    ['write', project],
    ['write', join(project, '.claude')],
    ['read', settings],
  ]);
});

test('what could not be made is not mounted on', (t) => {
  const { project } = makeFolder(t);
  const settings = join(project, '.claude', 'settings.json');
  const planned = plan([entry(project, 'write'), entry(settings, 'protected')]);
  const left = withoutPlaces(planned, [join(project, '.claude'), settings]);
  assert.deepEqual(mountsOf(left), [['write', project]]);
  assert.deepEqual(left.pinned, []);
});

test('a protected place below another one, or in what is not writable, needs nothing', (t) => {
  const { project } = makeFolder(t);
  const paths = [entry(project, 'read'), entry(join(project, '.git'), 'protected'), entry(join(project, '.git/hooks'), 'protected')];
  assert.deepEqual(mountsOf(plan(paths)), [['read', project]]);
});

test('a protected place that is a symbolic link, or lies behind one that can be replaced, is told and not followed', (t) => {
  const { root, project } = makeFolder(t);
  symlinkSync(join(root, 'agent'), join(project, '.vscode'));
  renameSync(join(project, '.git'), join(root, 'real-git'));
  symlinkSync(join(root, 'real-git'), join(project, '.git'));
  const guarded = [entry(join(project, '.vscode'), 'protected'), entry(join(project, '.git/hooks'), 'protected')];
  const planned = plan([entry(project, 'write'), ...guarded]);
  assert.deepEqual(planned.unguarded, [join(project, '.vscode'), join(project, '.git/hooks')]);
  assert.deepEqual(mountsOf(planned), [['write', project]]);
});

test('a link that the agent has put in the place of a folder it is given leads nowhere', (t) => {
  const { root, agent, temporaryDir } = makeFolder(t);
  rmSync(temporaryDir, { recursive: true });
  mkdirSync(join(root, 'secrets'));
  symlinkSync(join(root, 'secrets'), temporaryDir);
  const planned = plan([entry(agent, 'write'), entry(temporaryDir, 'write')], temporaryDir);
  assert.deepEqual(planned.write, [agent]);
  assert.deepEqual(
    planned.mounts.find(({ kind }) => kind === 'temporary'),
    { kind: 'temporary', path: '/tmp', source: null },
  );
});

test('the person’s own links on the way are followed, and made again where they are not seen', (t) => {
  const { root, project } = makeFolder(t);
  symlinkSync(root, `${root}-link`);
  t.after(() => rmSync(`${root}-link`));
  const planned = plan([entry(`${root}-link/project`, 'write'), entry(`${root}-link/project/.git/config`, 'protected')]);
  assert.deepEqual(mountsOf(planned), [
    ['link', `${root}-link`],
    ['write', project],
    ['write', join(project, '.git')],
    ['read', join(project, '.git/config')],
  ]);
});

test('what may only be read inside what may be written is guarded like the protected', (t) => {
  const { project } = makeFolder(t);
  mkdirSync(join(project, 'vendor'));
  const planned = plan([entry(project, 'write'), entry(join(project, 'vendor'), 'read')]);
  assert.deepEqual(planned.guarded, [join(project, 'vendor')]);
  assert.deepEqual(planned.read, [join(project, 'vendor')]);
});

test('an entry of the same kind inside another one needs no mount of its own', (t) => {
  const { project, agent, temporaryDir } = makeFolder(t);
  mkdirSync(join(project, 'src'));
  const paths = [entry(agent, 'write'), entry(temporaryDir, 'write'), entry(project, 'read'), entry(join(project, 'src'), 'read')];
  assert.deepEqual(mountsOf(plan(paths)), [
    ['write', agent],
    ['read', project],
  ]);
});

test('a hidden folder becomes an empty one, a hidden file an empty one, and what is given below comes after it', (t) => {
  const { root, project, agent } = makeFolder(t);
  writeFileSync(join(project, '.env'), 'SECRET=1');
  const planned = plan([entry(root, 'read'), entry(project, 'hidden'), entry(join(agent), 'hidden'), entry(join(agent, 'tmp'), 'write')]);
  assert.deepEqual(mountsOf(planned), [
    ['read', root],
    ['hiddenFolder', project],
    ['hiddenFolder', agent],
    ['write', join(agent, 'tmp')],
  ]);
  assert.deepEqual(mountsOf(plan([entry(project, 'write'), entry(join(project, '.env'), 'hidden')])), [
    ['write', project],
    ['hiddenFile', join(project, '.env')],
  ]);
});

test('what a link leads to is hidden where it lies', (t) => {
  const { root, project, agent } = makeFolder(t);
  symlinkSync(agent, join(root, 'data'));
  assert.deepEqual(mountsOf(plan([entry(root, 'read'), entry(join(root, 'data'), 'hidden'), entry(project, 'write')])), [
    ['read', root],
    ['hiddenFolder', agent],
    ['write', project],
  ]);
});

test('what is hidden and not seen anyway, and what is not there, is left out', (t) => {
  const { root, project } = makeFolder(t);
  const planned = plan([entry(root, 'hidden'), entry(project, 'write'), entry('/no/such/place', 'read')]);
  assert.deepEqual(mountsOf(planned), [['write', project]]);
  assert.deepEqual(planned.hidden, []);
});

test('a socket is never mounted by itself', async (t) => {
  const { agent } = makeFolder(t);
  const server = createServer().listen(join(agent, 's'));
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  assert.deepEqual(mountsOf(plan([entry(join(agent, 's'), 'write')])), []);
});

test('a place below a file is no place', (t) => {
  const { project } = makeFolder(t);
  const planned = plan([entry(project, 'write'), entry(join(project, '.git/config/hooks'), 'protected')]);
  assert.deepEqual(mountsOf(planned), [['write', project]]);
});

test('what the layers need is mounted and not given to the program', (t) => {
  const { root, project, agent } = makeFolder(t);
  const planned = plan([entry(project, 'write')], '/none', [agent]);
  assert.ok(mountsOf(planned).some(([kind, path]) => kind === 'read' && path === agent));
  assert.deepEqual(planned.read, []);
  assert.deepEqual(plan([entry(root, 'read')], '/none', [agent]).read, [root]);
});

test('the temporary folder stands at /tmp, unless something else is mounted below it', (t) => {
  const { agent, temporaryDir } = makeFolder(t);
  const temporary = (paths: SandboxPath[]) => plan(paths, temporaryDir).mounts.find(({ path }) => path === '/tmp');
  assert.deepEqual(temporary([]), { kind: 'temporary', path: '/tmp', source: temporaryDir });
  const isBelow = agent.startsWith('/tmp/');
  assert.deepEqual(temporary([entry(agent, 'write')]), { kind: 'temporary', path: '/tmp', source: isBelow ? null : temporaryDir });
});
