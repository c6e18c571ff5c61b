/**
 * Starts Codex with a home of the agent's own. What the program obeys there is the person's or empty, whatever an earlier
 * run of the agent has left: rules that allow commands, hooks, other instructions.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codexGuarded } from '../../../sandbox/known-programs.ts';
import type { ProgramStarter } from '../../program.ts';
import { layDownHome, type OwnHome } from '../acp/own-home.ts';

export function withCodexHome(startProgram: ProgramStarter, home: OwnHome): ProgramStarter {
  return (options) => {
    layDownCodexHome(home);
    return startProgram(options);
  };
}

/** A snapshot of its shell would hold the key of an agent that has one. */
const written: Readonly<Record<string, string>> = { 'config.toml': '[features]\nshell_snapshot = false\n' };

export function layDownCodexHome(home: OwnHome): void {
  const folder = join(home.agentDir, 'codex');
  const { files, folders, gone } = codexGuarded;
  for (const name of [...files, ...folders, ...gone]) rmSync(join(folder, name), { recursive: true, force: true });
  layDownHome(home);
  for (const name of files) if (!existsSync(join(folder, name))) writeFileSync(join(folder, name), written[name] ?? '', { mode: 0o600 });
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
}
