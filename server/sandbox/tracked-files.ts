/** Which files the repository keeps: git can show and bring back those, so nobody else needs to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const timeoutMs = 2_000;
const maxBytes = 1024 * 1024;
const run = promisify(execFile);

/**
 * Of the given names in the project, by their paths below it; none when git is missing, slow or of another opinion. The
 * repository may be an agent's work: nothing that it names is run.
 */
export async function trackedFiles(projectDir: string, names: readonly string[], home: string): Promise<ReadonlySet<string>> {
  const options = ['core.fsmonitor=false', 'core.hooksPath=/dev/null'].flatMap((option) => ['-c', option]);
  const args = ['--no-optional-locks', ...options, '--literal-pathspecs', 'ls-files', '-z', '--', ...names];
  const env = { PATH: '/usr/bin:/bin:/usr/local/bin', HOME: home, GIT_TERMINAL_PROMPT: '0' };
  try {
    const { stdout } = await run('git', args, { cwd: projectDir, env, timeout: timeoutMs, maxBuffer: maxBytes });
    return new Set(stdout.split('\0').filter(Boolean));
  } catch {
    // Then all of them are looked after as if nobody else did.
    return new Set();
  }
}
