/** What can be added, and whether its program is there, before anybody chooses it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as z from 'zod/mini';
import { Catalogue, type CatalogueDeps } from '../../../server/catalogue/catalogue.ts';
import { programVersion } from '../../../server/catalogue/program-version.ts';
import type { AgentKind } from '../../../server/protocol/agent-kinds.ts';
import { requests } from '../../../server/protocol/requests.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'agor-catalogue-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

function put(place: string, name: string, script: string, mode = 0o755): string {
  mkdirSync(place, { recursive: true });
  const file = join(place, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode });
  return file;
}

function catalogue(deps: Partial<CatalogueDeps> = {}): Catalogue {
  return new Catalogue({ environment: {}, homeDir: '/nobody', systemPlaces: [], written: () => [], versionOf: programVersion, ...deps });
}

async function entry(kind: AgentKind, path: string, deps: Partial<CatalogueDeps> = {}) {
  const entries = await catalogue(deps).list(path);
  return entries.find((one) => one.kind === kind) ?? assert.fail(`there is no ${kind}`);
}

test('an answer says what the contract says it does', async () => {
  const entries = await catalogue().list('');
  const told = z.parse(requests['catalogue/list'].result, { entries });
  assert.deepEqual(
    told.entries.map(({ kind, installation }) => [kind, installation.state]),
    [
      ...['claude', 'codex', 'opencode', 'gemini', 'goose', 'claude-agent-acp', 'codex-acp'].map((kind) => [kind, 'missing']),
      ...['demo', 'command'].map((kind) => [kind, 'builtIn']),
    ],
  );
});

test('the first program on the PATH says its version', async (t) => {
  const [first, second] = [folder(t), folder(t)];
  const file = put(first, 'opencode', 'echo "opencode 1.18.33"');
  put(second, 'opencode', 'echo 1.0.0');
  const { installation, command } = await entry('opencode', `${first}:${second}`);
  assert.deepEqual(installation, { state: 'installed', file, version: '1.18.33', onPath: true });
  assert.deepEqual(command, ['opencode', 'acp']);
});

test('what is no program, not to be run, or in a relative folder is not there', async (t) => {
  const [one, two] = [folder(t), folder(t)];
  mkdirSync(join(one, 'gemini'));
  put(two, 'gemini', 'echo 1.0.0', 0o644);
  for (const path of [`${one}:${two}:.:`, 'relative/bin', '']) {
    assert.deepEqual((await entry('gemini', path)).installation, { state: 'missing' }, path);
  }
});

test('a program beyond the PATH is found where its installer puts it, and is started from there', async (t) => {
  const homeDir = folder(t);
  const opencode = put(join(homeDir, '.opencode', 'bin'), 'opencode', 'echo 1.18.33');
  const claude = put(join(homeDir, 'all'), 'claude', 'echo 2.1.329');
  const found = await entry('opencode', '', { homeDir });
  assert.deepEqual(found.installation, { state: 'installed', file: opencode, version: '1.18.33', onPath: false });
  assert.deepEqual(found.command, [opencode, 'acp']);
  assert.deepEqual((await entry('claude', '', { homeDir, systemPlaces: [join(homeDir, 'all')] })).command, [claude]);
});

test('a provider that knows its own program is not told of the one on the PATH', async (t) => {
  const bin = folder(t);
  put(bin, 'codex', 'echo codex-cli 0.169.0');
  assert.deepEqual((await entry('codex', bin)).command, []);
});

test('a program that agents can write is named and not run, nor is one that a link leads to there', async (t) => {
  const [project, bin] = [folder(t), folder(t)];
  const ran = join(bin, 'ran');
  const file = put(project, 'goose', `touch ${ran}; echo 1.2.3`);
  symlinkSync(file, join(bin, 'goose'));
  const written = { written: () => [project] };
  assert.deepEqual((await entry('goose', project, written)).installation, { state: 'writable', file });
  assert.deepEqual((await entry('goose', bin, written)).installation, { state: 'writable', file: join(bin, 'goose') });
  assert.equal(existsSync(ran), false);
});

test('a script is not run by what agents put on the PATH', async (t) => {
  const [project, bin] = [folder(t), folder(t)];
  put(project, 'runner', 'echo 6.6.6');
  const script = join(bin, 'gemini');
  writeFileSync(script, '#!/usr/bin/env runner\n', { mode: 0o755 });
  const { installation } = await entry('gemini', `${project}:${bin}:/usr/bin:/bin`, { written: () => [project] });
  assert.deepEqual(installation, { state: 'installed', file: script, version: null, onPath: true });
});

test('the one that agents can write is passed over for one that they cannot, which is then started by its whole name', async (t) => {
  const [project, bin] = [folder(t), folder(t)];
  put(project, 'codex', 'echo 6.6.6');
  const file = put(bin, 'codex', 'echo 0.169.0');
  const { installation, command } = await entry('codex', `${project}:${bin}`, { written: () => [project] });
  assert.deepEqual(installation, { state: 'installed', file, version: '0.169.0', onPath: false });
  assert.deepEqual(command, [file]);
});

test('a program that fails, or says no version, is there without one', async (t) => {
  for (const script of ['exit 1', 'echo "no version here"', 'exec 1>&-; exit 0', "head -c 200000 /dev/zero | tr '\\0' x"]) {
    const bin = folder(t);
    const file = put(bin, 'codex', `PATH=/usr/bin:/bin; ${script}`);
    assert.deepEqual((await entry('codex', bin)).installation, { state: 'installed', file, version: null, onPath: true }, script);
  }
});

test('one that hangs is ended with what it started, and keeps no other from its answer', async (t) => {
  const bin = folder(t);
  const child = join(bin, 'child');
  put(bin, 'gemini', `PATH=/usr/bin:/bin; sleep 60 & echo $! > ${child}; echo 9.9.9; wait`);
  put(bin, 'codex', 'echo 0.169.0');
  const entries = await catalogue().list(bin);
  const versions = entries.flatMap(({ kind, installation }) => (installation.state === 'installed' ? [[kind, installation.version]] : []));
  assert.deepEqual(versions, [
    ['codex', '0.169.0'],
    ['gemini', null],
  ]);
  await untilEnded(Number(readFileSync(child, 'utf8')));
});

test('it gets nothing of the environment but where programs and the home folder are', async (t) => {
  const bin = folder(t);
  put(bin, 'codex', 'echo "1.2.3-$SECRET$HOME"');
  const environment = { SECRET: 'x', HOME: 'home' };
  const { installation } = await entry('codex', bin, { environment });
  assert.equal(installation.state === 'installed' && installation.version, '1.2.3-home');
});

test('a program is asked once, and again when it has changed', async (t) => {
  const bin = folder(t);
  const file = put(bin, 'codex', '');
  let asked = 0;
  const subject = catalogue({ versionOf: () => Promise.resolve(`1.0.${asked++}`) });
  const version = async () => {
    const found = (await subject.list(bin)).find(({ kind }) => kind === 'codex')?.installation;
    return found?.state === 'installed' ? found.version : null;
  };
  assert.deepEqual([await version(), await version()], ['1.0.0', '1.0.0']);
  utimesSync(file, 1, 1);
  assert.equal(await version(), '1.0.1');
});

/** Its end is the kernel's to tell; nobody else waits for it. */
async function untilEnded(pid: number): Promise<void> {
  for (;;) {
    const state = /\) (\S)/.exec(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '')?.[1];
    if (state === undefined || state === 'Z') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
