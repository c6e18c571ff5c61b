import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { backendEnvironment, startBackend } from '../../../server/launch/start-backend.ts';

describe('the environment of the backend', () => {
  for (const name of [
    'PATH',
    'HOME',
    'LANG',
    'LC_ALL',
    'XDG_RUNTIME_DIR',
    'TMPDIR',
    'AGOR_DATA_DIR',
    'AGOR_IDLE_END_MINUTES',
    'LOG_LEVEL',
    'PWD',
    'SSH_AUTH_SOCK',
  ]) {
    it(`keeps ${name}`, () => assert.deepEqual(backendEnvironment({ [name]: 'a' }), { [name]: 'a' }));
  }

  for (const name of [
    ...['VSCODE_IPC_HOOK', 'VSCODE_PID', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'NODE_PATH', 'npm_config_registry', 'GIT_ASKPASS'],
    ...[
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'OPENAI_API_KEY',
      'GITHUB_TOKEN',
      'GITHUB_PAT',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_ACCESS_KEY_ID',
    ],
    ...[
      'AWS_SESSION_TOKEN',
      'PGPASSWORD',
      'DB_PASSWORD',
      'NPM_TOKEN',
      'SENTRY_DSN',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'SECRET',
      'secret_key',
      'AGOR_RUN_TOKEN',
    ],
  ]) {
    it(`has no ${name}`, () => assert.deepEqual(backendEnvironment({ [name]: 'a' }), {}));
  }

  it('has no address with a password in it', () => {
    assert.deepEqual(backendEnvironment({ DATABASE_URL: 'postgres://me:pw@host/db', HTTP_PROXY: 'http://proxy:8080' }), {
      HTTP_PROXY: 'http://proxy:8080',
    });
  });
});

describe('a backend that cannot start', () => {
  const root = mkdtempSync(join(tmpdir(), 'agor-start-'));
  const paths = dataPaths(join(root, 'data'));
  mkdirSync(paths.logs, { recursive: true });
  after(() => rmSync(root, { recursive: true, force: true }));

  const program = (name: string, source: string): string => {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'backend.js'), source);
    return folder;
  };

  it('tells the reason that it gave last', async () => {
    const reason = '{"code":"storage","message":"The disk is damaged."}';
    const failing = program('failing', `console.error('a warning'); console.error('${reason}'); process.exit(1);`);
    const [one, two] = await Promise.all([startBackend(failing, paths), startBackend(failing, paths)]);
    for (const failure of [one, two]) assert.deepEqual([failure?.code, failure?.message], ['storage', 'The disk is damaged.']);
  });

  it('is not told of what an earlier one said', async () => {
    const silent = program('silent', 'process.exit(1);');
    assert.match(
      (await startBackend(silent, paths))?.message ?? '',
      /ended while it was starting: it gave no reason\. See .*backend-start\.log/,
    );
  });

  it('and says something else than a reason is told in its words', async () => {
    const odd = program('odd', `console.error('Segmentation fault'); process.exit(3);`);
    assert.match((await startBackend(odd, paths))?.message ?? '', /Segmentation fault/);
  });

  it('and says much is read from its own beginning, and its log is begun anew', async () => {
    writeFileSync(join(paths.logs, 'backend-start.log'), 'x'.repeat(100_000));
    const odd = program('fresh', `console.error('new'); process.exit(3);`);
    assert.match((await startBackend(odd, paths))?.message ?? '', /starting: new\./);
    assert.equal(readFileSync(join(paths.logs, 'backend-start.log'), 'utf8'), 'new\n');
  });

  it('because another one is there is no failure', async () => {
    assert.equal(await startBackend(program('second', 'process.exit(0);'), paths), undefined);
  });

  it('because its program is missing says so', async () => {
    assert.deepEqual((await startBackend(join(root, 'nowhere'), paths))?.code, 'unavailable');
  });
});
