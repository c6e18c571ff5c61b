/** Which feature answers the team methods. */
import type { Handlers } from './dispatch.ts';
import { partyOf } from './policy/callers.ts';
import type { AgentId } from './protocol/ids.ts';
import type { Teammate } from './protocol/team.ts';
import type { TeamsFeature } from './teams/compose.ts';
import type { Wakes } from './wake/wakes.ts';

export type TeamHandlersDeps = {
  readonly teams: TeamsFeature;
  readonly agentIdOf: (reference: string) => AgentId;
  /** How each of them is. */
  readonly teammates: () => Teammate[];
  readonly wakes: Pick<Wakes, 'list' | 'wakeNow'>;
};

const pageSize = 50;

type TeamHandlers = Pick<Handlers, Extract<keyof Handlers, `team/${string}` | `group/${string}` | `wake/${string}`>>;

export function teamHandlers({ teams, agentIdOf, teammates, wakes }: TeamHandlersDeps): TeamHandlers {
  const { profiles, directory, groups } = teams;
  return {
    /** An agent sees its own team. */
    'team/list': (_, caller) => {
      const own = directory.teamOf(partyOf(caller));
      const isSeen = (id: string) => own === null || id === own;
      return {
        teams: profiles.teams().filter(({ id }) => isSeen(id)),
        profiles: profiles.all().filter(({ teamId }) => isSeen(teamId)),
        teammates: teammates().filter(({ teamId }) => isSeen(teamId)),
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
