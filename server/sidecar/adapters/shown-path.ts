/** How a path that an agent names is shown. Pure. */
import path from 'node:path';

/** Inside the project from its root, else as it is. One that leads up is never shortened: behind a link, ".." is somewhere else. */
export function shownPath(file: string, projectDir: string): string {
  if (/(?:^|\/)\.\.(?:\/|$)/.test(file)) return file;
  const relative = path.relative(projectDir, path.resolve(projectDir, file));
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
