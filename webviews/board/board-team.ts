/** Whose board is shown, and who can be given a task on it. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { PartyId } from '../../server/protocol/ids.ts';
import type { AgentProfile, Party, Team } from '../../server/protocol/team.ts';

export interface BoardTeam {
  readonly teams: readonly Team[];
  /** `null` as long as nobody is in a team. */
  readonly teamId: string | null;
  readonly members: readonly Party[];
}

export const noTeam: BoardTeam = { teams: [], teamId: null, members: [] };

interface Known {
  readonly teams: readonly Team[];
  readonly profiles: readonly AgentProfile[];
  readonly agents: readonly Agent[];
}

/** The wanted team if it is still there, else the first one. */
export function boardTeam({ teams, profiles, agents }: Known, wantedId: string | null): BoardTeam {
  const { id: teamId } = teams.find(({ id }) => id === wantedId) ?? teams[0] ?? { id: null };
  const ids = new Set<string>(profiles.filter((profile) => profile.teamId === teamId).map(({ agentId }) => agentId));
  const members = agents.filter(({ id }) => ids.has(id));
  return { teams, teamId, members: members.map(asParty).sort((a, b) => a.name.localeCompare(b.name)) };
}

function asParty({ id, name }: Agent): Party {
  // The id of an agent is that of its party.
  return { id: id as string as PartyId, name };
}
