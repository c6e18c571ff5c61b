/** The extension as it is handed out. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';

/** Packs what was built last. */
export function packExtension(vsix: string): void {
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  execFileSync(process.execPath, [vsce, 'package', ...flags, '--out', vsix], { cwd: root });
}
