/**
 * Whether this commit may be released: its package is made twice in different places and must be the same bytes, hold
 * what it needs and nothing else, within its budgets, under licences that allow it, with its changelog.
 * `npm run release:check` runs types, format and all tests before it.
 */
import { basename } from 'node:path';
import { root } from './environment.ts';
import { buildEpoch } from './release/build-moment.ts';
import { packageProblems, releaseProblems } from './release/check-package.ts';
import { readVsix } from './release/read-vsix.ts';
import { makeTwice } from './release/reproduce.ts';

const problems = buildEpoch(root, {}) === null ? ['There are changes beside the commit, and only a commit can be made again.'] : [];
const { vsix, hashes, remove } = makeTwice(root);
try {
  if (hashes[0] !== hashes[1]) problems.push(`Two builds of one commit differ: ${hashes.join(' and ')}.`);
  problems.push(...packageProblems(vsix), ...releaseProblems(vsix));
  for (const problem of problems) console.error(`✖ ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`✔ ${readVsix(vsix).length} files, all of them meant for users; two builds, one hash:\n${hashes[0]}  ${basename(vsix)}`);
} finally {
  remove();
}
