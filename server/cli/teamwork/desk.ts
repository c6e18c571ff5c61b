/** What a command of `btmsg` or `bttask` gets to work with, whoever calls it: an agent, or the person. */
import type { Command } from 'commander';
import type { ControlDoor } from '../../base/control-call.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { Project } from '../../protocol/project.ts';
import type { Team } from '../../protocol/team.ts';
import { projectContaining, realFolder } from '../current-project.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import type { Input } from '../prompt-text.ts';
import { agentDoor } from './agent-door.ts';
import type { TeamworkDoor } from './door.ts';

export type Desk = {
  readonly door: TeamworkDoor;
  readonly isAgent: boolean;
  readonly cwd: string;
  readonly now: number;
  readonly stdin: Input;
  /** Of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** The team that is named; for a person else that of the project that they are in. Absent: the backend knows, or asks. */
  team(named: string | undefined): Promise<{ readonly team?: string }>;
};

export type DeskAction<A extends unknown[]> = (desk: Desk, ...args: A) => Promise<Outcome>;
export type AtDesk = <A extends unknown[]>(action: DeskAction<A>) => (...args: [...A, Command]) => Promise<void>;

/** Makes a command's work into what the parser calls. */
export const atDesk: AtDesk = <A extends unknown[]>(action: DeskAction<A>) =>
  run<A>((invocation, ...args) => action(openDesk(invocation), ...args));

function openDesk(invocation: Invocation): Desk {
  const pass = passOf(invocation.env);
  return {
    door: pass ? agentDoor(pass) : personDoor(invocation),
    isAgent: pass !== undefined,
    get cwd() {
      return invocation.cwd;
    },
    now: invocation.now,
    stdin: process.stdin,
    columns: process.stdout.columns,
    team: async (named) => {
      if (named !== undefined) return { team: named };
      return pass ? {} : currentTeam(invocation);
    },
  };
}

/** Undefined for a person. Half a pass is somebody's mistake, and must not make the agent a person. */
export function passOf({ AGOR_CONTROL_SOCKET: socketPath, AGOR_RUN_TOKEN: token }: NodeJS.ProcessEnv): ControlDoor | undefined {
  if (socketPath && token) return { socketPath, token };
  if (!socketPath && !token) return undefined;
  throw new AgorError(
    'unauthorized',
    `${token ? 'AGOR_RUN_TOKEN' : 'AGOR_CONTROL_SOCKET'} is set without the other one of AGOR_RUN_TOKEN and AGOR_CONTROL_SOCKET. ` +
      'An agent has both, a person has neither.',
  );
}

function personDoor(invocation: Invocation): TeamworkDoor {
  const call: TeamworkDoor['call'] = async (method, params) => (await invocation.backend()).call(method, params);
  return { call, send: call };
}

async function currentTeam(invocation: Invocation): Promise<{ readonly team?: string }> {
  const backend = await invocation.backend();
  const [{ projects }, { teams }] = await Promise.all([backend.call('project/list', {}), backend.call('team/list', {})]);
  const team = teamOf(projectContaining(projects, realFolder(invocation.cwd)), teams);
  return team ? { team: team.id } : {};
}

/** A group goes before the agents of the project that are in none. */
export function teamOf(project: Project | undefined, teams: readonly Team[]): Team | undefined {
  const around = teams.filter(({ projectIds }) => project !== undefined && projectIds.includes(project.id));
  return around.find(({ kind }) => kind === 'group') ?? around[0];
}
