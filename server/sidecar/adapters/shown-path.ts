/** How a path that an agent names is shown. Pure. */
import path from 'node:path';

/** Inside the project from its root, else as it is. */
export function shownPath(file: string, projectDir: string): string {
  const relative = path.relative(projectDir, path.resolve(projectDir, file));
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
