/**
 * Builds every program of the product into dist/, from the one table below.
 * `--dev` leaves the code readable and adds source maps; `--watch` builds again at every change.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import esbuild from 'esbuild';
import { builtinsWhenNeeded, logsToOurStreams, schemasWhenNeeded } from './scripts/when-needed.ts';

/** The package that brings a vscode-jsonrpc of its own; the bundles that hold it use that one copy and no other. */
const client = 'vscode-languageclient';

const bundles = [
  { entry: 'extension/extension.ts', out: 'dist/extension.cjs', kind: 'vscode', jsonrpcOf: client },
  { entry: 'server/backend.ts', out: 'dist/backend.js', kind: 'node' },
  { entry: 'server/search/search-thread.ts', out: 'dist/search-thread.js', kind: 'node' },
  { entry: 'server/sidecar/sidecar.ts', out: 'dist/sidecar.js', kind: 'node' },
  { entry: 'server/sidecar/explain-sandbox.ts', out: 'dist/explain-sandbox.js', kind: 'node' },
  { entry: 'server/sandbox/launcher.ts', out: 'dist/sandbox-launcher.js', kind: 'node' },
  { entry: 'server/demo-agent/demo-agent.ts', out: 'dist/demo-agent.js', kind: 'node' },
  { entry: 'server/mcp/agor-mcp.ts', out: 'dist/mcp.js', kind: 'node' },
  { entry: 'server/key-helper/print-key.ts', out: 'dist/key-helper.js', kind: 'node' },
  { entry: 'server/backup-thread.ts', out: 'dist/backup-thread.js', kind: 'node' },
  { entry: 'server/recover.ts', out: 'dist/recover.js', kind: 'node' },
  { entry: 'server/serve.ts', out: 'dist/serve.js', kind: 'node' },
  { entry: 'server/doctor.ts', out: 'dist/doctor.js', kind: 'node' },
  { entry: 'server/cli/agor.ts', out: 'dist/cli/agor.js', kind: 'node' },
  { entry: 'server/cli/btmsg.ts', out: 'dist/cli/btmsg.js', kind: 'node' },
  { entry: 'server/cli/bttask.ts', out: 'dist/cli/bttask.js', kind: 'node' },
  { entry: 'webviews/chat/main.ts', out: 'dist/webviews/chat.js', kind: 'page' },
  { entry: 'webviews/board/main.ts', out: 'dist/webviews/board.js', kind: 'page' },
  { entry: 'webviews/metrics/main.ts', out: 'dist/webviews/metrics.js', kind: 'page' },
  { entry: 'webviews/audit/main.ts', out: 'dist/webviews/audit.js', kind: 'page' },
  { entry: 'test/extension/index.ts', out: 'dist/test/extension.cjs', kind: 'vscode', jsonrpcOf: client },
];

const copies = [
  ['node_modules/better-sqlite3/prebuilds', 'dist/native'],
  ...koffiParts(),
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/webviews/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webviews/codicon.ttf'],
];

/** Of koffi only its native part, for the launcher of the sandbox; npm installs that of this machine's architecture. */
function koffiParts() {
  return globSync('node_modules/@koromix/koffi-linux-*/{linux,musl}_*/koffi.node').map((path) => {
    const [, architecture, libc] = /koffi-linux-([^/]+)\/(linux|musl)_/.exec(path);
    return [path, `dist/native/koffi/${libc === 'musl' ? 'linuxmusl' : 'linux'}-${architecture}.node`];
  });
}

/** better-sqlite3 crashes on a Node that is too old instead of refusing it, so each program refuses before it loads it. */
const nodeBanner = `\
'use strict';
const agorSelfUrl = require('node:url').pathToFileURL(__filename).href;
const agorNode = process.versions.node.split('.').map(Number);
if (agorNode[0] < 22 || (agorNode[0] === 22 && agorNode[1] < 15)) {
  console.error('Agent Orchestrator needs Node 22.15 or newer, but ' + process.execPath + ' is Node ' + process.versions.node + '.');
  process.exit(1);
}`;

const kinds = {
  vscode: { platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] },
  // Not as ES modules: Node takes a third of the time that it needs to start anyway to load one.
  node: { platform: 'node', format: 'cjs', target: 'node22', banner: { js: nodeBanner }, define: { 'import.meta.url': 'agorSelfUrl' } },
  page: { platform: 'browser', format: 'esm', target: 'es2022', splitting: true, chunkNames: '[name]-[hash]' },
};

const pluginsOfPrograms = [schemasWhenNeeded, builtinsWhenNeeded, logsToOurStreams];

const programList = 'dist/programs.json';
const flags = new Set(process.argv.slice(2));
// Tests make builds of their own from the same options.
if (process.argv[1] === import.meta.filename) await buildAll();

async function buildAll() {
  const startedAt = Date.now();
  process.chdir(import.meta.dirname);
  if (flags.has('--watch')) return watch();
  const results = await Promise.all(bundles.map((bundle) => esbuild.build(optionsOf(bundle))));
  const copied = copyFiles();
  writeFacts(buildTimeOf(startedAt));
  const written = bundles.flatMap((bundle, index) => [
    writeMetafile(bundle, results[index]),
    ...Object.keys(results[index].metafile.outputs),
  ]);
  writeProgramList(buildTimeOf(startedAt));
  removeAllBut(new Set([...written, ...copied, 'dist/build-info.json', 'dist/package.json', programList]));
  console.log(`build: ${bundles.length} programs in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** A backend runs from a copy named for its build, so each change must become a build of its own. */
async function watch() {
  // Each change is a build of its own, and nobody lists those.
  rmSync(programList, { force: true });
  copyFiles();
  writeFacts(Date.now());
  const newBuild = { name: 'new-build', setup: (build) => build.onEnd(() => writeFacts(Date.now())) };
  for (const bundle of bundles) {
    const options = optionsOf(bundle);
    const context = await esbuild.context({ ...options, logLevel: 'info', plugins: [...options.plugins, newBuild] });
    await context.watch();
  }
}

export function optionsOf({ entry, out, kind, jsonrpcOf }) {
  const isMinified = !flags.has('--dev');
  return {
    ...kinds[kind],
    entryPoints: [{ in: entry, out: basename(out).replace(/\.c?js$/, '') }],
    outdir: dirname(out),
    outExtension: { '.js': out.endsWith('.cjs') ? '.cjs' : '.js' },
    bundle: true,
    // A program is measured, logged and found in stack traces by its names. Keeping them beside shorter ones would have
    // each function named again at every start, which took longer than reading the longer text.
    minifyIdentifiers: isMinified && kind === 'page',
    minifyWhitespace: isMinified,
    minifySyntax: isMinified,
    sourcemap: isMinified ? false : 'linked',
    legalComments: 'none',
    loader: { '.ttf': 'copy' },
    // Its other form asks for its parts in a way that no bundler can follow.
    metafile: true,
    logLevel: 'warning',
    // Its main file looks for its parts while it runs, where a bundle has none.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // Mocha's parallel mode looks for its own files; the tests in the extension host do not use it.
    logOverride: { 'require-resolve-not-external': 'silent' },
    plugins: [...(kind === 'page' ? [] : pluginsOfPrograms), ...(jsonrpcOf ? [oneJsonrpc(jsonrpcOf)] : [])],
  };
}

/** Two copies of vscode-jsonrpc do not know each other's classes: all imports of it in a bundle get the owner's copy. */
function oneJsonrpc(owner) {
  const resolveDir = join(import.meta.dirname, 'node_modules', owner);
  return {
    name: 'one-jsonrpc',
    setup(build) {
      build.onResolve({ filter: /^vscode-jsonrpc(\/.*)?$/ }, ({ path, kind, pluginData }) =>
        pluginData === owner ? undefined : build.resolve(path, { kind, resolveDir, pluginData: owner }),
      );
    },
  };
}

function copyFiles() {
  for (const [from, to] of copies) cpSync(from, to, { recursive: true });
  return copies.flatMap(([, to]) => (statSync(to).isDirectory() ? readdirSync(to).map((name) => `${to}/${name}`) : [to]));
}

/** Which build this is, and that its programs are no ES modules, as the repository's are. */
function writeFacts(buildTime) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const buildInfo = { version, gitSha: gitSha(), buildTime, nodeVersion: process.version, contract: contract() };
  writeFileSync('dist/build-info.json', `${JSON.stringify(buildInfo, null, 2)}\n`);
  writeFileSync('dist/package.json', `${JSON.stringify({ type: 'commonjs' })}\n`);
}

/** So that no copy is made of programs that belong to different builds. */
function writeProgramList(buildTime) {
  const names = bundles.filter(({ out, kind }) => kind === 'node' && out.startsWith('dist/')).map(({ out }) => out.slice('dist/'.length));
  const hashed = names.map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(`dist/${name}`))
      .digest('hex'),
  ]);
  writeFileSync(programList, `${JSON.stringify({ buildTime, programs: Object.fromEntries(hashed) }, null, 2)}\n`);
}

/** Two builds whose contract is the same, word for word, can talk to each other whatever else is different. */
function contract() {
  const hash = createHash('sha256');
  for (const path of globSync('server/protocol/**/*.ts').sort()) hash.update(`${path.replaceAll('\\', '/')}\n`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** A build that is to be made again says the time that it is told; of two others, the later one is the newer. */
function buildTimeOf(startedAt) {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return epoch ? Number(epoch) * 1000 : startedAt;
}

function gitSha() {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // A copy without its history, or a machine without git, still builds.
    return 'unknown';
  }
}

/** What each program is made of, for the architecture test; it is not shipped. */
function writeMetafile({ out }, { metafile }) {
  const file = `dist/meta/${basename(out).replace(/\.c?js$/, '')}${out.startsWith('dist/test') ? '.test' : ''}.json`;
  mkdirSync('dist/meta', { recursive: true });
  writeFileSync(file, JSON.stringify(metafile));
  return file;
}

/** Removed after the build and not before it, so that what runs from dist/ meanwhile goes on. */
function removeAllBut(wanted) {
  for (const name of readdirSync('dist', { recursive: true })) {
    const file = `dist/${name.replaceAll('\\', '/')}`;
    if (!wanted.has(file) && statSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file, { force: true });
  }
}
