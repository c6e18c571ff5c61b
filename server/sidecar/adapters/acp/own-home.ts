/** Starts a known program with a home of the agent's own: the person's settings as a copy, the login as the one file it is. */
import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BoundedCopy } from '../../../base/bounded-copy.ts';
import type { HomePlace, KnownProgram } from '../../../sandbox/known-programs.ts';
import type { ProgramStarter } from '../../program.ts';

export type OwnHome = {
  readonly program: KnownProgram;
  readonly agentDir: string;
  readonly homeDir: string;
  /** False for an agent with a key of its own, which uses nothing of the person's. */
  readonly usesLogin: boolean;
};

export function withOwnHome(startProgram: ProgramStarter, home: OwnHome): ProgramStarter {
  return (options) => {
    layDownHome(home);
    return startProgram(options);
  };
}

export function homeVariables({ homes }: KnownProgram, agentDir: string): Record<string, string> {
  return Object.fromEntries(Object.entries(homes).map(([name, folder]) => [name, join(agentDir, folder)]));
}

export function layDownHome({ program, agentDir, homeDir, usesLogin }: OwnHome): void {
  for (const folder of Object.values(program.homes)) makeFolder(agentDir, folder);
  if (!usesLogin) return;
  const copy = new BoundedCopy();
  for (const place of program.settings) copy.copy(join(homeDir, place.owner), cleared(agentDir, place));
  for (const place of program.logins) {
    const login = join(homeDir, place.owner);
    const own = cleared(agentDir, place);
    if (lstatSync(login, { throwIfNoEntry: false })) symlinkSync(login, own);
  }
}

function cleared(agentDir: string, { own }: HomePlace): string {
  makeFolder(agentDir, dirname(own));
  const path = join(agentDir, own);
  rmSync(path, { recursive: true, force: true });
  return path;
}

/** The agent can write here: a link that it left would have us write wherever it leads. */
function makeFolder(agentDir: string, folder: string): void {
  let at = agentDir;
  for (const part of folder.split('/')) {
    at = join(at, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) continue;
    rmSync(at, { force: true });
    mkdirSync(at, { mode: 0o700 });
  }
}
