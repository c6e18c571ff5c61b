/**
 * The real programs that speak ACP, for tests, each with the command that starts it. Three are scripts, which run in the
 * Node that runs the test; they go by the names that a person starts them by, by which they are known.
 */
import { fetchProgram } from './fetched-program.ts';

const platform = `${process.platform}-${process.arch}`;

/** Bundles the Agent SDK's own Claude Code. */
export const claudeAgentAcpVersion = '0.100.0';
/** Bundles Codex 0.166.0. */
export const codexAcpVersion = '2.6.0';
export const openCodeVersion = '1.18.33';
export const geminiVersion = '0.61.0';

export async function claudeAgentAcp(): Promise<string[]> {
  const packageName = '@agentclientprotocol/claude-agent-acp';
  const binary = ['node_modules', '.bin', 'claude-agent-acp'];
  return [process.execPath, await fetchProgram({ packageName, version: claudeAgentAcpVersion, name: 'claude-agent-acp', binary })];
}

export async function codexAcp(): Promise<string[]> {
  const packageName = '@agentclientprotocol/codex-acp';
  const binary = ['node_modules', '.bin', 'codex-acp'];
  return [process.execPath, await fetchProgram({ packageName, version: codexAcpVersion, name: 'codex-acp', binary })];
}

/** The package's own binary is put in place by an install script, which is not run; the platform's package holds it. */
export async function openCode(): Promise<string[]> {
  const file = process.platform === 'win32' ? 'opencode.exe' : 'opencode';
  const binary = ['node_modules', `opencode-${platform.replace('win32', 'windows')}`, 'bin', file];
  return [await fetchProgram({ packageName: 'opencode-ai', version: openCodeVersion, name: 'opencode', binary }), 'acp'];
}

export async function gemini(): Promise<string[]> {
  const packageName = '@google/gemini-cli';
  const binary = ['node_modules', '.bin', 'gemini'];
  return [process.execPath, await fetchProgram({ packageName, version: geminiVersion, name: 'gemini-cli', binary }), '--acp'];
}
