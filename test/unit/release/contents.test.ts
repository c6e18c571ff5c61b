import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentProblems, isAllowedPath, type PackedFile } from '../../../scripts/release/contents.ts';

const mebibyte = 1_048_576;

/** What is wrong with these files, besides that the others are missing. */
function problemsOf(...files: PackedFile[]): string[] {
  return contentProblems(files, 0).filter((problem) => !problem.endsWith('is missing from the package.'));
}

test('what is for users belongs into the package', () => {
  const paths = [
    'readme.md',
    'dist/cli/agor.js',
    'dist/native/koffi/linuxmusl-arm64.node',
    'dist/webviews/chunk-OOSNRPF2.js',
    'docs/runbook.md',
  ];
  for (const path of [...paths, 'media/readme/chat-dark.png', 'package.nls.de.json', 'l10n/bundle.l10n.de.json'])
    assert.ok(isAllowedPath(path), path);
});

test('sources, maps, tests, dependencies, settings and whatever else is new do not', () => {
  const paths = [
    'server/server.ts',
    'dist/backend.js.map',
    'dist/meta/backend.json',
    'dist/test/extension.cjs',
    'node_modules/ws/index.js',
  ];
  for (const path of [
    ...paths,
    '.env',
    '.vscodeignore',
    'media/a.psd',
    'dist/native/plan9-x64.node',
    'test-output/a.png',
    'package-lock.json',
  ])
    assert.ok(!isAllowedPath(path), path);
});

test('what is missing is named', () => {
  assert.ok(contentProblems([], 0).includes('dist/backend.js is missing from the package.'));
});

test('a program with a source map, with a folder of the builder, or with a key is refused', () => {
  const program = (text: string) => problemsOf({ path: 'dist/backend.js', bytes: 1, text });
  assert.deepEqual(program('run();'), []);
  assert.match(program('run();\n//# sourceMappingURL=backend.js.map').join(), /source map/);
  assert.match(program('const at = "/home/ann/agor/server/server.ts"').join(), /folder of the machine/);
  assert.match(program(`-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}`).join(), /private key/);
  assert.deepEqual(program('if (line.includes("-----BEGIN PRIVATE KEY-----")) mask();'), []);
});

test('every budget is held by itself', () => {
  assert.match(
    problemsOf({ path: 'dist/extension.cjs', bytes: 2 * mebibyte }).join(),
    /extension\.cjs .* has 2\.00 MiB; the budget is 1\.25 MiB/,
  );
  assert.match(contentProblems([], 100 * mebibyte).join(), /The package has 100\.00 MiB/);
});
