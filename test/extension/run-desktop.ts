/**
 * Runs the tests of this folder in VS Code for the desktop: in the installed one named by AGOR_CODE_EXECUTABLE (the
 * program itself, not the `code` command), else in one that @vscode/test-electron downloads from Microsoft. It needs a
 * display. `npm test` does not run it.
 *   npm run build && node test/extension/run-desktop.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from '../../scripts/environment.ts';
import { copySample } from '../../scripts/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-desktop-'));
const workspace = join(folder, 'sample');
const installed = process.env.AGOR_CODE_EXECUTABLE;
copySample(workspace);
try {
  process.exitCode = await runTests({
    ...(installed ? { vscodeExecutablePath: installed } : { version: 'stable' }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'dist', 'test', 'extension.cjs'),
    extensionTestsEnv: { AGOR_DATA_DIR: join(folder, 'data') },
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${join(folder, 'vscode')}`],
  });
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
