/** Says whether what `npm run package` would pack is whole, and holds nothing that is not meant for users. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './environment.ts';

const required = [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'SECURITY.md',
  'dist/build-info.json',
  'dist/extension.cjs',
  'dist/backend.js',
  'dist/sidecar.js',
  'dist/demo-agent.js',
  'dist/cli/agor.js',
  'dist/cli/btmsg.js',
  'dist/cli/bttask.js',
  'dist/webviews/chat.js',
  'dist/native/linux-x64.node',
];
const allowed =
  /^(dist\/([\w-]+\.(cjs|js|json)|cli\/[\w-]+\.js|native\/[\w-]+\.node|webviews\/[\w.-]+\.(js|css|ttf))|(media|l10n)\/.+|[\w.]+)$/;

process.chdir(root);
const packed = execFileSync(process.execPath, [join('node_modules', '@vscode', 'vsce', 'vsce'), 'ls', '--no-dependencies'], {
  encoding: 'utf8',
});
const files = packed.split('\n').filter((line) => line !== '');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const problems = [
  ...required.filter((file) => !files.includes(file)).map((file) => `${file} is missing from the package.`),
  ...files.filter((file) => !allowed.test(file)).map((file) => `${file} does not belong into the package.`),
  ...(changelog().includes(`## ${version}`) ? [] : [`CHANGELOG.md has no section "## ${version}".`]),
];
for (const problem of problems) console.error(`✖ ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`✔ The package would hold ${files.length} files, all of them meant for users.`);

function changelog(): string {
  try {
    return readFileSync('CHANGELOG.md', 'utf8');
  } catch {
    // Its absence is reported with the other missing files.
    return '';
  }
}
