/** Which feature answers the team methods. */
import type { Caller, Handlers } from '../dispatch.ts';
import { partyOf } from '../policy/callers.ts';
import { type AgentId, PartyId, type ProjectId, type TeamId } from '../protocol/ids.ts';
import type { Teammate } from '../protocol/team.ts';
import type { TeamsFeature } from '../teams/compose.ts';
import type { Wakes } from '../wake/wakes.ts';

export type TeamHandlersDeps = {
  readonly teams: TeamsFeature;
  readonly agentIdOf: (reference: string) => AgentId;
  /** How each of them is. */
  readonly teammates: () => Teammate[];
  readonly wakes: Pick<Wakes, 'list' | 'wakeNow'>;
};

const pageSize = 50;

type TeamHandlers = Pick<Handlers, Extract<keyof Handlers, `team/${string}` | `group/${string}` | `wake/${string}`>>;

/** Of all that an agent may list, its own team's; the others see everything. */
export function seenBy(caller: Caller, { profiles, directory }: Pick<TeamsFeature, 'profiles' | 'directory'>) {
  const own = directory.teamOf(partyOf(caller));
  const projectIds = new Set(profiles.teams().find(({ id }) => id === own)?.projectIds);
  const seesAll = caller.kind !== 'agent';
  return {
    team: (id: TeamId) => seesAll || id === own,
    agent: (id: AgentId) => seesAll || directory.teamOf(PartyId.parse(id)) === own,
    project: (id: ProjectId) => seesAll || projectIds.has(id),
  };
}

export function teamHandlers({ teams, agentIdOf, teammates, wakes }: TeamHandlersDeps): TeamHandlers {
  const { profiles, groups } = teams;
  return {
    'team/list': (_, caller) => {
      const { team } = seenBy(caller, teams);
      return {
        teams: profiles.teams().filter(({ id }) => team(id)),
        profiles: profiles.all().filter(({ teamId }) => team(teamId)),
        teammates: teammates().filter(({ teamId }) => team(teamId)),
      };
    },
    'team/configure': ({ agent, ...change }, caller) => profiles.configure(agentIdOf(agent), change, caller.kind),
    'group/show': () => groups.report(),
    'group/apply': (_, caller) => groups.apply(caller.kind),
    ...wakeHandlers({ wakes, agentIdOf }),
  };
}

export function wakeHandlers({
  wakes,
  agentIdOf,
}: Pick<TeamHandlersDeps, 'wakes' | 'agentIdOf'>): Pick<Handlers, 'wake/list' | 'wake/now'> {
  return {
    'wake/list': ({ agent, limit = pageSize }) => ({ wakes: wakes.list(agent === undefined ? null : agentIdOf(agent), limit) }),
    'wake/now': ({ agent }, caller) => wakes.wakeNow(agentIdOf(agent), caller.kind),
  };
}
