/** The extension as it is handed out. */
import { root } from '../../scripts/environment.ts';
import { pack } from '../../scripts/release/pack.ts';

/** Packs what was built last. */
export function packExtension(vsix: string): void {
  pack(root, vsix, Math.floor(Date.now() / 1000));
}
