/** Which program renews a login outside of the fence, and with what. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { renewal } from '../../../../../server/sidecar/adapters/claude/renew-login.ts';

function makeMachine(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agor-renew-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const program = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '#!/bin/sh\n');
    chmodSync(join(root, path), 0o755);
    return join(root, path);
  };
  return { root, program, project: join(root, 'project') };
}

test('the program of the agent is used when it is Claude Code, and else the one on the PATH', (t) => {
  const { root, program, project } = makeMachine(t);
  const [onPath, named] = [program('bin/claude'), program('other/claude')];
  const environment = { PATH: join(root, 'bin') };
  const fileFor = (command: string[]) => renewal({ command, environment, written: [project] }).file;
  assert.equal(fileFor([named]), named);
  for (const command of [[], ['claude'], ['npx', '-y', 'claude'], ['./claude'], ['/usr/bin/node', '/x/cli.js']])
    assert.equal(fileFor(command), onPath);
});

test('nothing that an agent can write is run: not by its PATH, not by its command, not through a link', (t) => {
  const { root, program, project } = makeMachine(t);
  const planted = program('project/node_modules/.bin/claude');
  const safe = program('bin/claude');
  mkdirSync(join(root, 'links'));
  symlinkSync(dirname(planted), join(root, 'links/bin'));
  const environment = {
    PATH: `${dirname(planted)}:${join(root, 'links/bin')}:${join(root, 'bin')}:relative`,
    TMPDIR: join(project, 'tmp'),
    HOME: root,
  };
  const found = renewal({ command: ['claude'], environment, written: [project] });
  assert.equal(found.file, safe);
  assert.deepEqual(found.environment, { PATH: join(root, 'bin'), HOME: root });
  assert.throws(() => renewal({ command: [planted], environment, written: [project] }), { code: 'refused' });
  symlinkSync(planted, join(root, 'links/claude'));
  assert.throws(() => renewal({ command: [join(root, 'links/claude')], environment, written: [project] }), { code: 'refused' });
});

test('without Claude Code on the machine it says what was tried', (t) => {
  const { root, project } = makeMachine(t);
  assert.throws(() => renewal({ command: [], environment: { PATH: root }, written: [project] }), {
    code: 'agentFailed',
    message: /claude/,
  });
});
