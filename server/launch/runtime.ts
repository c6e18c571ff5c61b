/**
 * A copy of the server programs in the data directory, and the commands over it: the extension's folder and VS
 * Code's binary go away under a running backend at the next update, this copy does not.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readBuildInfo } from '../base/build-info.ts';
import { compileCacheOf } from '../base/compile-cache.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { asStorageError } from '../base/storage-error.ts';
import { lookAtUpgrade, readDeployed } from '../base/upgrade-files.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import { buildId } from '../protocol/health.ts';
import { foreignPrograms, programListName } from './program-list.ts';

const copied = [
  'backend.js',
  'sidecar.js',
  'explain-sandbox.js',
  'search-thread.js',
  'backup-thread.js',
  'recover.js',
  'serve.js',
  'doctor.js',
  'sandbox-launcher.js',
  'demo-agent.js',
  'mcp.js',
  'key-helper.js',
  'build-info.json',
  programListName,
  'package.json',
  'native',
  'cli',
];
/** Each is a program in `cli`, and a file in `<data>/bin`. */
const commands = ['agor', 'btmsg', 'bttask'] as const;
const keptBuilds = 3;
/** Longer than an agent runs without being started again, and than any copy takes. */
const keptMs = 3 * 24 * 60 * 60 * 1000;

/** The folder to start the backend from, with the commands in `bin` leading to it. From sources it is `distDir` itself, and nothing is copied. */
export function ensureRuntime(distDir: string, paths: DataPaths): string {
  const target = copyRuntime(distDir, paths);
  if (target === distDir && !isBuilt(distDir)) return target;
  for (const command of commands) writeShim(paths, target, command);
  writeChanged(servicePath(paths), serviceProgram(join(target, 'serve.js')));
  const deployed = readDeployed(paths)?.programDir;
  const from = lookAtUpgrade(paths)?.from.programDir;
  pruneExcept(
    [target, deployed, from].map((path) => path && basename(path)),
    paths.runtime,
  );
  return target;
}

/** Only the copy: what is in use stays as it is, for a build that is still to be tried out. */
export function copyRuntime(distDir: string, paths: DataPaths): string {
  if (!isBuilt(distDir)) return distDir;
  const target = join(paths.runtime, buildId(readBuildInfo(distDir)));
  if (distDir !== target && !existsSync(target)) copyWhole(distDir, target);
  return target;
}

function isBuilt(distDir: string): boolean {
  return existsSync(join(distDir, 'backend.js'));
}

/** What a unit file names: it stays, and leads to the service of the build that was started last. */
export function servicePath({ bin }: Pick<DataPaths, 'bin'>): string {
  return join(bin, 'serve.mjs');
}

function serviceProgram(program: string): string {
  const keepCompiled = Object.values(compileCacheOf(program)).map((folder) => `enableCompileCache(${JSON.stringify(folder)});`);
  const lines = [
    '// The service of the build that was started last; written anew by each.',
    "import { enableCompileCache } from 'node:module';",
    ...keepCompiled,
    `import(${JSON.stringify(pathToFileURL(program).href)});`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Two may do this at once; what one cannot remove, the next start does. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Taken by the other one.
  }
}

/** Under its own name only when complete; of two that copy at once, the second finds the name taken and gives way. */
function copyWhole(distDir: string, target: string): void {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    for (const entry of copied.filter((entry) => existsSync(join(distDir, entry)))) {
      cpSync(join(distDir, entry), join(temporary, entry), { recursive: true, filter: isForThisPlatform });
    }
    requireWhole(temporary);
    renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    if (!existsSync(target)) throw asStorageError(error, target);
  }
}

function requireWhole(dir: string): void {
  const wrong = foreignPrograms(dir, readBuildInfo(dir).buildTime);
  if (wrong.length === 0) return;
  throw new AgorError('unavailable', `The programs are not of one build: ${wrong.join(', ')}. Build or install Agent Orchestrator again.`);
}

/** Of SQLite's native part there is one file for each platform, `linux-x64.node` and the like. */
function isForThisPlatform(source: string): boolean {
  return !source.endsWith('.node') || isNativePartOf(basename(source), process.platform, process.arch);
}

/** Pure. On Linux those of both C libraries, of which only the program that loads them knows which it has. */
export function isNativePartOf(name: string, platform: NodeJS.Platform, architecture: string): boolean {
  const [system, forArchitecture] = name.replace(/\.node$/, '').split('-');
  return forArchitecture === architecture && (system === platform || (platform === 'linux' && system === 'linuxmusl'));
}

/** `<data>/bin/<command>` runs this build with the Node that is in use now. */
function writeShim(paths: DataPaths, runtime: string, command: string): void {
  mkdirSync(paths.bin, { recursive: true, mode: 0o700 });
  const program = join(runtime, 'cli', `${command}.js`);
  if (process.platform === 'win32') writeChanged(join(paths.bin, `${command}.cmd`), windowsShim(program, paths.dataDir));
  else writeChanged(join(paths.bin, command), unixShim(program, paths.dataDir));
}

function unixShim(program: string, dataDir: string): string {
  const lines = [
    '#!/bin/sh',
    `[ -n "$AGOR_DATA_DIR" ] || AGOR_DATA_DIR=${shellText(dataDir)}`,
    'export AGOR_DATA_DIR',
    ...insideAgent(basename(program)),
    ...(process.versions.electron ? ['export ELECTRON_RUN_AS_NODE=1'] : []),
    `${keepingCompiled(program)}exec ${shellText(process.execPath)} ${shellText(program)} "$@"`,
  ];
  return `${lines.join('\n')}\n`;
}

function keepingCompiled(program: string): string {
  return Object.entries(compileCacheOf(program))
    .map(([name, value]) => `${name}=${shellText(value)} `)
    .join('');
}

/** An agent's fence shows the build that its sidecar is of, and no newer one that a later start has put here. */
function insideAgent(program: string): string[] {
  const own = `"$AGOR_PROGRAMS/cli/${program}"`;
  return [`[ -z "$AGOR_RUN_TOKEN" ] || [ ! -f ${own} ] || ELECTRON_RUN_AS_NODE=1 exec "$AGOR_NODE" ${own} "$@"`];
}

/** One word to a POSIX shell, whatever is in it. */
function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Pure. UTF-8, whatever the console has; a percent sign in a path is doubled, or it would begin a variable. */
export function windowsShim(program: string, dataDir: string, node = process.execPath): string {
  const [shownProgram, shownDir, shownNode] = [program, dataDir, node].map((path) => path.replaceAll('%', '%%'));
  const lines = [
    '@echo off',
    'setlocal',
    'chcp 65001 >nul',
    `if not defined AGOR_DATA_DIR set "AGOR_DATA_DIR=${shownDir}"`,
    'set ELECTRON_RUN_AS_NODE=1',
    `"${shownNode}" "${shownProgram}" %*`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function writeChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileWhole(path, text, 0o700);
}

/** Keeps the builds that are named and the latest others: a sidecar of the build before may still need its programs. */
function pruneExcept(names: readonly (string | undefined)[], runtimeDir: string): void {
  const others = readdirSync(runtimeDir)
    .filter((entry) => !names.includes(entry))
    .map((entry) => join(runtimeDir, entry))
    // Another starter may have renamed or removed it meanwhile.
    .map((path) => ({ path, changedAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.changedAt - a.changedAt);
  const old = others.slice(keptBuilds - 1).filter(({ changedAt }) => Date.now() - changedAt > keptMs);
  for (const { path } of old) removeQuietly(path);
}
