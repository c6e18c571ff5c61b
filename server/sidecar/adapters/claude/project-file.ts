/** The present text of a file that an agent wants to write, so that the person sees what would be replaced. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

const mostBytes = 512 * 1024;

/**
 * Null where there is no file; empty where it is not shown: too large, no ordinary file, or reached through a link out
 * of the project, which we, outside of the agent's sandbox, could read and it could not.
 */
export function readProjectText(projectDir: string, file: string): string | null {
  try {
    const real = realpathSync(path.resolve(projectDir, file));
    if (!real.startsWith(realpathSync(projectDir) + path.sep)) return '';
    const stat = statSync(real);
    return stat.isFile() && stat.size <= mostBytes ? readFileSync(real, 'utf8') : '';
  } catch (error) {
    return isMissing(error) ? null : '';
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
