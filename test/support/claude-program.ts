/** The real Claude Code program, for tests. */
import { fetchProgram } from './fetched-program.ts';

export const claudeVersion = '2.1.329';

const packageName = '@anthropic-ai/claude-code';
const platform = `${process.platform}-${process.arch}`;

/**
 * The package's own binary is put in place by an install script, which is not run; the platform package that the
 * script copies from is an ordinary optional dependency and already holds the program.
 */
export function claudeProgram(): Promise<string> {
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const binary = ['node_modules', `${packageName}-${platform}`, file];
  return fetchProgram({ packageName, version: claudeVersion, name: 'claude-code', binary });
}
