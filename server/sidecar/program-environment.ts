/**
 * The environment of the agent's program, from a fixed list: what the sidecar itself runs with (its editor, its
 * backend, other agents' keys) is nobody's business there. Pure: the host's values come as arguments.
 */
import { delimiter, join } from 'node:path';
import type { RunRecord } from '../protocol/run-record.ts';
import { fencedEnvironment } from '../sandbox/fenced-environment.ts';

export type Environment = Readonly<Record<string, string>>;

type EnvironmentParts = Pick<RunRecord, 'path' | 'agentDir' | 'runId' | 'binDir'>;

export type Host = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Of this run, and not the one that the sidecar shows to the backend. */
  readonly runToken: string;
  /** Where the program, its hooks and our own commands reach the sidecar; in a folder that they see as well. */
  readonly controlSocket: string;
  /** The Node, or the Electron, that runs the sidecar, and the folder with the built programs. */
  readonly execPath: string;
  readonly programsDir: string;
};

const inherited = /^(HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;
/** Would change how our own or the editor's processes behave, and is never meant for the agent. */
const neverPassed = /^(VSCODE_.*|ELECTRON_.*|NODE_OPTIONS|NODE_PATH|AGOR_(?!DEMO_).*)$/;
const fallbackPath = '/usr/local/bin:/usr/bin:/bin';

/** What every program gets. */
export function baseEnvironment(record: EnvironmentParts, host: Host): Environment {
  const path = record.path ?? host.environment.PATH ?? fallbackPath;
  return {
    HOME: host.homeDir,
    ...kept(host.environment, (name) => inherited.test(name)),
    // Ours come first, so that their names mean them and nothing else.
    PATH: record.binDir === undefined ? path : `${record.binDir}${delimiter}${path}`,
    TMPDIR: temporaryDir(record),
  };
}

/** One for each run, by a short name: programs put sockets there, whose paths may not be long. */
export function temporaryDir({ agentDir, runId }: Pick<RunRecord, 'agentDir' | 'runId'>): string {
  return join(agentDir, 'tmp', runId.slice(-8));
}

/** Where its tools keep their own things, for an agent that may be in a fence. */
export function toolEnvironment(record: Pick<RunRecord, 'agentDir' | 'sandbox'>): Environment {
  return isMaybeFenced(record) ? fencedEnvironment(record.agentDir) : {};
}

export function isMaybeFenced({ sandbox }: Pick<RunRecord, 'sandbox'>, platform = process.platform): boolean {
  return platform === 'linux' && sandbox !== undefined && sandbox.mode !== 'off';
}

/** What the person set for this agent. */
export function ownEnvironment(environment: Environment): Environment {
  return kept(environment, (name) => !neverPassed.test(name));
}

/** The way to the agent's own door. */
export const doorVariables = ['AGOR_CONTROL_SOCKET', 'AGOR_RUN_TOKEN'];

/**
 * By this our own commands know that an agent calls them; nothing that was set for the agent overrides it. They are run
 * by the Node and of the build of this sidecar, since a fence shows no other. The agent's id is for scripts of people:
 * nobody takes it for a proof.
 */
export function runIdentity({ agentId }: Pick<RunRecord, 'agentId'>, host: Host): Environment {
  const { runToken, controlSocket, execPath, programsDir } = host;
  const own = { AGOR_NODE: execPath, AGOR_PROGRAMS: programsDir, BTMSG_AGENT_ID: agentId };
  return { AGOR_RUN_TOKEN: runToken, AGOR_CONTROL_SOCKET: controlSocket, ...own };
}

/** For programs without rules of their own; a secret wins over a value of the same name. */
export function programEnvironment(
  record: EnvironmentParts & Pick<RunRecord, 'agentId' | 'environment' | 'sandbox'>,
  secrets: Environment,
  host: Host,
): Environment {
  const base = { ...baseEnvironment(record, host), ...toolEnvironment(record) };
  return { ...base, ...ownEnvironment(record.environment), ...ownEnvironment(secrets), ...runIdentity(record, host) };
}

/** The demo agent is one of our own programs and runs on the sidecar's own runtime. */
export function demoEnvironment(record: Pick<RunRecord, 'agentDir'>, isElectron: boolean): Environment {
  const asNode: Environment = isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  return { AGOR_DEMO_STATE_DIR: join(record.agentDir, 'demo'), ...asNode };
}

function kept(environment: Readonly<Record<string, string | undefined>>, isWanted: (name: string) => boolean): Environment {
  const entries = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && isWanted(entry[0]));
  return Object.fromEntries(entries);
}
