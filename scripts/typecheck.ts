/** Checks the types of every environment: each folder with a tsconfig.json may use what its environment has, no more. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './environment.ts';

process.chdir(root);
const projects = globSync('{*,*/*}/tsconfig.json', { exclude: ['node_modules/**', '.agor-dev/**'] }).map((file) => dirname(file));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const failed = projects.sort().filter((project) => spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' }).status !== 0);
if (failed.length > 0) process.exitCode = 1;
console.log(failed.length === 0 ? `types: ${projects.join(', ')} are fine` : `types: errors in ${failed.join(', ')}`);
