import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { ensureRuntime, isNativePartOf, servicePath, windowsShim } from '../../../server/launch/runtime.ts';

let root: string;
let paths: DataPaths;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-runtime-'));
  paths = prepared('data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function prepared(name: string): DataPaths {
  const made = dataPaths(join(root, name));
  mkdirSync(made.runtime, { recursive: true });
  return made;
}

/** A build that prints where its data is and what it was given. */
function build(gitSha: string): string {
  const dist = join(root, `dist ${gitSha}`);
  mkdirSync(join(dist, 'cli'), { recursive: true });
  mkdirSync(join(dist, 'unrelated'));
  writeFileSync(join(dist, 'backend.js'), gitSha);
  writeFileSync(join(dist, 'cli', 'agor.js'), 'console.log(JSON.stringify([process.env.AGOR_DATA_DIR, ...process.argv.slice(2)]))');
  writeFileSync(join(dist, 'build-info.json'), JSON.stringify({ version: '1.0', gitSha, buildTime: 1, nodeVersion: 'v24' }));
  return dist;
}

test('the programs of a build are copied once, whole, and without what is not theirs', () => {
  const target = ensureRuntime(build('a'), paths);
  assert.equal(target, join(paths.runtime, '1.0-a-1'));
  assert.deepEqual(readdirSync(target).sort(), ['backend.js', 'build-info.json', 'cli']);
  writeFileSync(join(target, 'backend.js'), 'as it was copied first');
  assert.equal(ensureRuntime(join(root, 'dist a'), paths), target);
  assert.equal(readFileSync(join(target, 'backend.js'), 'utf8'), 'as it was copied first');
  assert.deepEqual(readdirSync(paths.runtime), ['1.0-a-1'], 'no half copy is left');
});

test('from sources, and from the copy itself, nothing is copied', () => {
  assert.equal(ensureRuntime(root, paths), root);
  assert.deepEqual(readdirSync(paths.runtime), []);
  const target = ensureRuntime(build('a'), paths);
  assert.equal(ensureRuntime(target, paths), target);
});

for (const name of ['data', 'with a blank', "it's", 'a"b', 'a$HOME`id`', 'a}b', 'a\\b', 'ü\u{1f600}']) {
  test(`the command in bin/ runs this build with a data directory called ${JSON.stringify(name)}`, () => {
    const place = name === 'data' ? paths : prepared(name);
    ensureRuntime(build('a'), place);
    const shim = join(place.bin, 'agor');
    assert.equal(statSync(shim).mode & 0o777, 0o700);
    const env = { ...process.env, AGOR_DATA_DIR: '' };
    const said = execFileSync(shim, ['agent', 'prompt', 'a  b', '$x "y"'], { encoding: 'utf8', env });
    assert.deepEqual(JSON.parse(said), [place.dataDir, 'agent', 'prompt', 'a  b', '$x "y"']);
    const other = execFileSync(shim, { encoding: 'utf8', env: { ...process.env, AGOR_DATA_DIR: '/elsewhere' } });
    assert.deepEqual(JSON.parse(other), ['/elsewhere']);
  });
}

test('the command, and the service that a unit starts, keep what Node compiles of them beside their programs', () => {
  const target = ensureRuntime(build('a'), paths);
  const program = 'console.log(JSON.stringify([process.env.NODE_COMPILE_CACHE ?? null, require("node:module").getCompileCacheDir()]))';
  for (const name of ['cli/agor.js', 'serve.js']) writeFileSync(join(target, name), program);
  const said = (file: string, ...args: string[]) => JSON.parse(execFileSync(file, args, { encoding: 'utf8' }));
  const [variable, folder] = said(join(paths.bin, 'agor'));
  assert.equal(variable, join(target, 'cli', 'compile-cache'));
  assert.ok(folder.startsWith(variable));
  const [, folderOfService] = said(process.execPath, servicePath(paths));
  assert.ok(folderOfService.startsWith(join(target, 'compile-cache')));
});

test('inside an agent the command is that of its sidecar’s own build, as long as there is one', () => {
  const first = ensureRuntime(build('a'), paths);
  writeFileSync(join(first, 'cli', 'agor.js'), 'console.log("of the first build")');
  ensureRuntime(build('b'), paths);
  const inside = { ...process.env, AGOR_RUN_TOKEN: 't', AGOR_NODE: process.execPath };
  const said = (programs: string) =>
    execFileSync(join(paths.bin, 'agor'), { encoding: 'utf8', env: { ...inside, AGOR_PROGRAMS: programs } });
  assert.equal(said(first), 'of the first build\n');
  assert.deepEqual(JSON.parse(said(join(root, 'gone'))), [paths.dataDir]);
});

test('each command has its program, and all have the same data directory', () => {
  const dist = build('a');
  for (const command of ['btmsg', 'bttask'])
    writeFileSync(join(dist, 'cli', `${command}.js`), `console.log('${command}', process.env.AGOR_DATA_DIR, process.argv[2])`);
  ensureRuntime(dist, paths);
  assert.deepEqual(readdirSync(paths.bin).sort(), ['agor', 'btmsg', 'bttask', 'serve.mjs']);
  const env = { ...process.env, AGOR_DATA_DIR: '' };
  for (const command of ['btmsg', 'bttask'])
    assert.equal(execFileSync(join(paths.bin, command), ['x'], { encoding: 'utf8', env }), `${command} ${paths.dataDir} x\n`);
});

test('what a unit file names stays where it is, and leads to the service of the newest start', () => {
  for (const name of ['a', 'b']) {
    const dist = build(name);
    writeFileSync(join(dist, 'serve.js'), `console.log('service of ${name}', process.argv[2])`);
    ensureRuntime(dist, paths);
    assert.equal(execFileSync(process.execPath, [servicePath(paths), '/data'], { encoding: 'utf8' }), `service of ${name} /data\n`);
  }
});

test('the command follows the newest start, and is left alone when nothing changed', () => {
  ensureRuntime(build('a'), paths);
  const shim = join(paths.bin, 'agor');
  const { ino } = statSync(shim);
  ensureRuntime(join(root, 'dist a'), paths);
  assert.equal(statSync(shim).ino, ino);
  ensureRuntime(build('b'), paths);
  assert.match(readFileSync(shim, 'utf8'), /1\.0-b-1/);
});

test('copies that nobody has used for days are pruned, the latest ones not, and what is half gone is no matter', () => {
  const old = (name: string, days: number) => {
    mkdirSync(join(paths.runtime, name));
    const then = Date.now() / 1_000 - days * 24 * 3_600;
    utimesSync(join(paths.runtime, name), then, then);
  };
  for (const [index, name] of ['e', 'd', 'c', 'b', 'half.123.tmp'].entries()) old(name, 0.9 * (index + 1));
  ensureRuntime(build('a'), paths);
  assert.deepEqual(readdirSync(paths.runtime).sort(), ['1.0-a-1', 'c', 'd', 'e']);
});

test('a disk that takes no copy is told, and nothing of it stays', () => {
  rmSync(paths.runtime, { recursive: true });
  writeFileSync(paths.runtime, 'a file where the copies should be');
  assert.throws(() => ensureRuntime(build('a'), paths), { name: 'AgorError', code: 'storage' });
  assert.equal(existsSync(paths.bin), false);
});

test('of the native parts each system copies its own, Linux those of both C libraries', () => {
  const all = ['linux-x64', 'linuxmusl-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64'].map((name) => `${name}.node`);
  const of = (platform: NodeJS.Platform, architecture: string) => all.filter((name) => isNativePartOf(name, platform, architecture));
  assert.deepEqual(of('linux', 'x64'), ['linux-x64.node', 'linuxmusl-x64.node']);
  assert.deepEqual(of('darwin', 'arm64'), ['darwin-arm64.node']);
  assert.deepEqual(of('win32', 'x64'), ['win32-x64.node']);
});

test('the command on Windows keeps what is set to itself, and takes percent signs and letters of a path as they are', () => {
  const shim = windowsShim('C:\\d\\agor.js', 'C:\\100%\\ä', 'C:\\node.exe');
  assert.deepEqual(shim.split('\r\n'), [
    '@echo off',
    'setlocal',
    'chcp 65001 >nul',
    'if not defined AGOR_DATA_DIR set "AGOR_DATA_DIR=C:\\100%%\\ä"',
    'set ELECTRON_RUN_AS_NODE=1',
    '"C:\\node.exe" "C:\\d\\agor.js" %*',
    '',
  ]);
});
