/** The extension as it is handed out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import { pack } from '../../scripts/release/pack.ts';
import { type Editor, type EditorOptions, startEditor } from './editor.ts';

/** Packs what was built last. */
export function packExtension(vsix: string): void {
  pack(root, vsix, Math.floor(Date.now() / 1000));
}

/** A VS Code as its users have it; unlike one in which an extension is being developed, it shows toasts. */
export async function startPackedEditor(options: Omit<EditorOptions, 'vsix'> = {}): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), 'agor-vsix-'));
  try {
    const vsix = join(folder, 'agent-orchestrator.vsix');
    packExtension(vsix);
    return await startEditor({ ...options, vsix });
  } finally {
    // VS Code has it installed by now.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
