/** Starts Claude Code with a config folder of the agent's own, and takes the login back when the program is gone. */
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../base/clock.ts';
import type { RunRecord } from '../../../protocol/run-record.ts';
import type { ProgramStarter } from '../../program.ts';
import { isMaybeFenced } from '../../program-environment.ts';
import { adoptConversation, type ConfigPlaces, forgetLogin, layDownConfig } from './config-folder.ts';
import { configDirOf, hasOwnConfig, ownerEnvironment, ownerPlaces } from './environment.ts';
import { resumedSession } from './launch.ts';
import { LentLogin } from './lent-login.ts';
import { renewLogin } from './renew-login.ts';

type Log = (message: string, fields?: Record<string, unknown>) => void;

export type OwnConfig = ConfigPlaces & {
  readonly startProgram: ProgramStarter;
  readonly renew: () => Promise<void>;
  readonly log: Log;
};

type Wiring = {
  readonly startProgram: ProgramStarter;
  readonly log: Log;
  /** What the person's own programs have: the fixed list, and what was given with the agent. */
  readonly base: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

/** For the agent of that run; the starter itself where the program uses the person's folder. */
export function claudeStarter(record: RunRecord, { startProgram, log, base, environment }: Wiring): ProgramStarter {
  const { credentials, command, projectDir, agentDir, sandbox } = record;
  if (!hasOwnConfig({ credentials, isFenced: isMaybeFenced(record) })) return startProgram;
  const owner = ownerEnvironment({ base, environment });
  const { ownerDir, ownerState } = ownerPlaces(owner);
  const written = [projectDir, agentDir, ...(sandbox?.readWritePaths ?? [])];
  return withOwnConfig({
    configDir: configDirOf(agentDir),
    ownerDir: credentials === 'login' ? ownerDir : null,
    ownerState,
    startProgram,
    renew: () => renewLogin({ command, environment: owner, written }),
    log,
  });
}

export function withOwnConfig(parts: OwnConfig, clock: Clock = systemClock): ProgramStarter {
  const { configDir, ownerDir, startProgram, renew, log } = parts;
  const copy = join(configDir, '.credentials.json');
  const login = ownerDir === null ? null : new LentLogin({ clock, source: join(ownerDir, '.credentials.json'), copy, renew, log });
  const end = () => {
    login?.takeBack();
    forgetLogin(configDir);
  };
  return async (options) => {
    const leftOut = layDownConfig(parts);
    if (leftOut > 0) log("some files of Claude Code's settings are too large or too many for the agent's own folder", { leftOut });
    const session = resumedSession(options.command);
    if (session !== null) adoptConversation(parts, session);
    try {
      await login?.lend();
      const program = await startProgram(options);
      void program.exited.then(end);
      return program;
    } catch (error) {
      end();
      throw error;
    }
  };
}
