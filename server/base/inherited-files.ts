/** Lets go of regular files that the starter left open in us: an editor's logs would stay pinned for days. */
import { closeSync, fstatSync, readdirSync } from 'node:fs';

/** To be called before anything is opened. Pipes and sockets cannot be told from Node's own and stay. */
export function closeInheritedFiles(): void {
  const folder = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';
  if (process.platform === 'win32') return;
  for (const fd of readdirSync(folder)
    .map(Number)
    .filter((fd) => fd > 2)) {
    try {
      if (fstatSync(fd).isFile()) closeSync(fd);
    } catch {
      // The descriptor of the listing itself, closed by now.
    }
  }
}
