/** Holds the shape of the repository: who may import whom, what only one place may do, and how long things may be. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/environment.ts';
import { type Import, importsOf, readSourceFiles, type SourceFile } from '../support/source-files.ts';

const maxFileLines = 300;
const maxFunctionLines = 50;

const product = readSourceFiles('{extension,server,webviews}/**/*.ts');
const all = [...product, ...readSourceFiles('{test,scripts}/**/*.{ts,mjs}'), ...readSourceFiles('*.mjs')];

const foundation = ['protocol', 'base', 'log', 'telemetry', 'store', 'audit', 'policy', 'auth', 'leaks', 'sandbox'];
const features = [
  'projects',
  'agents',
  'teams',
  'messaging',
  'tasks',
  'search',
  'settings',
  'secrets',
  'views',
  'health',
  'wake',
  'metrics',
  'prices',
  'budgets',
  'notices',
  'capabilities',
  'permissions',
  'incident',
  'moderation',
  'importing',
  'worktrees',
  'backup',
  'retention',
  'catalogue',
  'handover',
  'service',
  'doctor',
  'runbook',
  'memory',
  'plugins',
];

/** What each folder of the server may import besides itself. A folder that is not named here is not part of the design. */
const serverTable: Record<string, readonly string[]> = {
  protocol: [],
  base: ['protocol'],
  log: ['protocol', 'base'],
  telemetry: ['protocol', 'base'],
  store: before('store'),
  audit: before('audit'),
  policy: before('policy'),
  auth: before('policy'),
  leaks: ['protocol', 'base'],
  sandbox: before('sandbox'),
  ...Object.fromEntries(features.map((feature) => [feature, foundation])),
  sidecar: [...foundation, 'launch'],
  'demo-agent': ['protocol', 'base'],
  mcp: ['protocol', 'base'],
  'key-helper': [],
  launch: ['protocol', 'base'],
  gate: [...foundation, ...features],
  control: [...foundation, ...features, 'sidecar', 'gate'],
  relay: [...foundation, ...features, 'sidecar', 'gate'],
  cluster: [...foundation, ...features, 'sidecar', 'gate'],
  cli: ['protocol', 'base', 'launch', 'mcp'],
};

test('in the server, each folder imports only what stands before it, and no feature imports another', () => {
  assert.deepEqual(violations(product, inServer, breaksServerTable), []);
});

test('the server imports neither the extension nor the webviews, and nothing imports tests or scripts', () => {
  const outside = (_: SourceFile, { target }: Import) => /^(test|scripts)\//.test(target);
  assert.deepEqual(
    violations(product, () => true, outside),
    [],
  );
  assert.deepEqual(
    violations(product, inServer, (_, { target }) => /^(extension|webviews)\//.test(target)),
    [],
  );
});

test('the extension imports from the server only the contract and the launcher', () => {
  const isForeign = (_: SourceFile, { target }: Import) =>
    /^(server|webviews)\//.test(target) && !/^server\/(protocol|launch)\//.test(target);
  assert.deepEqual(violations(product, inFolder('extension'), isForeign), []);
});

test('the webviews import from the rest only types of the contract, or its constants from a file that imports nothing', () => {
  const plain = new Set(product.filter(({ imports }) => imports.length === 0).map(({ path }) => path));
  const isForeign = (_: SourceFile, { target, typesOnly }: Import) =>
    /^(server|extension)\//.test(target) && !(target.startsWith('server/protocol/') && (typesOnly || plain.has(target)));
  assert.deepEqual(violations(product, inFolder('webviews'), isForeign), []);
});

test('only the extension and its tests import vscode', () => {
  const outside = ({ path }: SourceFile) => !/^(extension|test\/extension)\//.test(path);
  assert.deepEqual(violations(all, outside, importing('vscode')), []);
});

test('only the store opens databases, besides the owner lock', () => {
  const outside = ({ path }: SourceFile) => !path.startsWith('server/store/') && path !== 'server/base/owner-lock.ts';
  const opens = (_: SourceFile, { target, typesOnly }: Import) => /^(better-sqlite3|node:sqlite)$/.test(target) && !typesOnly;
  assert.deepEqual(violations(product, outside, opens), []);
});

test('only the sidecar, the sandbox, the supervisor, the launcher, the demo agent and the desktop notices start processes; one file asks the system about them, one ends trees on Windows, one runs git, one asks programs for their version', () => {
  const allowed =
    /^server\/(sidecar\/|sandbox\/|agents\/supervisor|launch\/|demo-agent\/|notices\/desktop-process\.ts$|catalogue\/program-version\.ts$|worktrees\/git\.ts$|base\/process-identity\.ts$|base\/end-tree\.ts$)/;
  const outside = ({ path }: SourceFile) => !allowed.test(path);
  assert.deepEqual(violations(product, outside, importing('node:child_process')), []);
});

test('only webviews/shared/controls.ts imports the webview UI toolkit', () => {
  const outside = ({ path }: SourceFile) => path !== 'webviews/shared/controls.ts';
  assert.deepEqual(violations(product, outside, importing('@vscode/webview-ui-toolkit')), []);
});

test('nothing uses the createConnection that ends the whole process when one connection closes', () => {
  const uses = (_: SourceFile, { text, target }: Import) => target === 'vscode-languageserver/node' && /\bcreateConnection\b|\*/.test(text);
  assert.deepEqual(
    violations(all, () => true, uses),
    [],
  );
});

test('there are no barrels: a file exports what is its own', () => {
  const isReExport = (_: SourceFile, { text, typesOnly }: Import) => text.startsWith('export') && !typesOnly;
  assert.deepEqual(
    violations(all, () => true, isReExport),
    [],
  );
  assert.deepEqual(
    product.map(({ path }) => path).filter((path) => path.endsWith('/index.ts')),
    [],
  );
});

test('a file is named for what it holds', () => {
  const vague = /(^|\/)([\w-]*-)?(utils?|helpers?|manager|common|misc)\.ts$/;
  assert.deepEqual(
    all.map(({ path }) => path).filter((path) => vague.test(path)),
    [],
  );
});

test(`no file is longer than ${maxFileLines} lines`, () => {
  const tooLong = all.filter(({ text }) => text.split('\n').length - 1 > maxFileLines);
  assert.deepEqual(
    tooLong.map(({ path }) => path),
    [],
  );
});

test(`Biome refuses functions longer than ${maxFunctionLines} lines, and nothing is exempt from it`, () => {
  const { linter } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  const rule = linter.rules.complexity.noExcessiveLinesPerFunction;
  assert.equal(rule.level, 'error');
  assert.equal(rule.options.maxLines, maxFunctionLines);
  const exemption = new RegExp(['biome', 'ignore'].join('-'));
  assert.deepEqual(
    all.filter(({ text }) => exemption.test(text)).map(({ path }) => path),
    [],
  );
});

test('each program holds at most one copy of vscode-jsonrpc', () => {
  assert.ok(existsSync(join(root, 'dist', 'meta')), 'There is no dist/meta: run npm run build first.');
  for (const file of globSync('dist/meta/*.json', { cwd: root })) {
    const { inputs } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    const copies = new Set(Object.keys(inputs).flatMap((input) => /^.*\/vscode-jsonrpc\//.exec(input)?.[0] ?? []));
    assert.ok(copies.size <= 1, `${file} holds ${[...copies].join(' and ')}`);
  }
});

test('the extension host runs every test file of its folder', () => {
  const index = readFileSync(join(root, 'test/extension/index.ts'), 'utf8');
  const imported = new Set(importsOf('test/extension/index.ts', index).map(({ target }) => target));
  const files = globSync('test/extension/*.test.ts', { cwd: root });
  assert.deepEqual(
    files.filter((file) => !imported.has(file)),
    [],
  );
});

test('every test that may be skipped says what it needs', () => {
  const skips: Record<string, unknown>[] = JSON.parse(readFileSync(join(root, 'test/skips.json'), 'utf8'));
  assert.deepEqual(
    skips.filter((skip) => typeof skip.test !== 'string' || typeof skip.needs !== 'string'),
    [],
  );
});

type Breaks = (file: SourceFile, imported: Import) => boolean;

/** One line for each import of the chosen files that breaks a rule. */
function violations(files: readonly SourceFile[], chosen: (file: SourceFile) => boolean, breaks: Breaks): string[] {
  return files
    .filter(chosen)
    .flatMap((file) =>
      file.imports.filter((imported) => breaks(file, imported)).map((imported) => `${file.path} imports ${imported.target}`),
    );
}

/**
 * Files directly in server/ are the roots, which see everything, and the gate that every door passes. The root's parts
 * have two folders, which see everything too, and which nobody but a root imports.
 */
function breaksServerTable(file: SourceFile, { target }: Import): boolean {
  const [from, to] = [serverFolder(file.path), serverFolder(target)];
  if (from === undefined || !target.startsWith('server/')) return false;
  return to === undefined || (from !== to && !serverTable[from]?.includes(to));
}

function serverFolder(path: string): string | undefined {
  if (path === 'server/dispatch.ts') return 'gate';
  const folder = /^server\/([^/]+)\//.exec(path)?.[1];
  return folder === 'wiring' || folder === 'handlers' ? undefined : folder;
}

function before(folder: string): string[] {
  return foundation.slice(0, foundation.indexOf(folder));
}

function inServer({ path }: SourceFile): boolean {
  return path.startsWith('server/');
}

function inFolder(folder: string): (file: SourceFile) => boolean {
  return ({ path }) => path.startsWith(`${folder}/`);
}

function importing(name: string): Breaks {
  return (_, { target }) => target === name || target.startsWith(`${name}/`);
}
