/**
 * Builds and packs the extension: one `.vsix` for every platform, the same bytes from the same commit.
 *   npm run package [-- --out <file.vsix>]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './environment.ts';
import { buildEpoch } from './release/build-moment.ts';
import { pack } from './release/pack.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = values.out ?? join(root, `${name}-${version}.vsix`);
const ofCommit = buildEpoch(root, process.env);
if (ofCommit === null) console.log('There are changes beside the commit: this package bears the time of now and cannot be made again.');
const epoch = ofCommit ?? Math.floor(Date.now() / 1000);

execFileSync(process.execPath, ['esbuild.mjs'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
});
pack(root, vsix, epoch);
console.log(`${createHash('sha256').update(readFileSync(vsix)).digest('hex')}  ${vsix}`);
