/** The sample project that the extension is tried and tested on. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './environment.ts';

/** Copies the sample with a git history of its own, so that VS Code does not take it for a part of this repository. */
export function copySample(folder: string): void {
  if (existsSync(folder)) return;
  cpSync(join(root, 'test', 'fixtures', 'sample-project'), folder, { recursive: true });
  const author = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.invalid', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    [...author, 'commit', '-q', '-m', 'Start a shopping list'],
  ]) {
    // Without git the sample is a plain folder, which is enough to try the extension.
    if (spawnSync('git', args, { cwd: folder, stdio: 'ignore' }).status !== 0) return;
  }
}
