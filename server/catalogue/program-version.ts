/** Asks an installed program for its version: outside of any fence, for a short time, with nothing of it left behind. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { endTree, hasProcessGroups } from '../base/end-tree.ts';

/** Gemini CLI takes more than four on a busy machine. */
const patienceMs = 6_000;
const mostChars = 64 * 1024;

/**
 * Null for a program that does not say, or not soon. It is the person's own program, run as they would; a script of Windows
 * is not asked, because that takes a shell.
 */
export function programVersion(file: string, environment: Readonly<Record<string, string>>): Promise<string | null> {
  if (file.endsWith('.cmd')) return Promise.resolve(null);
  const isGroup = hasProcessGroups();
  return new Promise((resolve) => {
    const child = spawn(file, ['--version'], {
      cwd: dirname(file),
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: isGroup,
      windowsHide: true,
    });
    let said = '';
    const settle = (version: string | null) => {
      clearTimeout(timer);
      // Whatever it started is not to outlive the question; where it has ended itself, only a group still names that.
      if (child.pid !== undefined && (isGroup || child.exitCode === null)) endTree(child.pid, 'SIGKILL');
      child.stdout.destroy();
      resolve(version);
    };
    const timer = setTimeout(() => settle(null), patienceMs);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.length > mostChars) settle(null);
    });
    child.once('error', () => settle(null));
    child.once('close', (code) => settle(code === 0 ? versionIn(said) : null));
  });
}

function versionIn(text: string): string | null {
  return /\b\d+\.\d+\.\d+[\w.+-]*/.exec(text.slice(0, 1_000))?.[0] ?? null;
}
