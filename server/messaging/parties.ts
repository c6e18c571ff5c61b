/** Kinds of parties, by their ids alone. */
import { AgentId, type PartyId, type TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Directory } from './deps.ts';

const agentShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Also of an agent that was removed; null for the person, the assistant, the system, and whoever came by an import. */
export function agentIdIn(party: PartyId): AgentId | null {
  return agentShape.test(party) ? AgentId.parse(party) : null;
}

/** The person, and who works for the person, may look at everything. */
export function seesAll(party: PartyId): boolean {
  return party === partyIds.person || party === partyIds.assistant;
}

/** Who can be written to: an agent that is there, the person, or an assistant. */
export function isReachable(party: PartyId, directory: Pick<Directory, 'isAgent'>): boolean {
  return seesAll(party) || directory.isAgent(party);
}

/** One that went to another team is still in the channels of the former, and has no part in them any more. */
export function mayBeIn(team: TeamId, party: PartyId, directory: Pick<Directory, 'teamOf'>): boolean {
  return agentIdIn(party) === null || directory.teamOf(party) === team;
}

/** The team that the party may read all of, and may settle things in, besides the person. */
export function managedTeam(party: PartyId, directory: Pick<Directory, 'isAgent' | 'roleOf' | 'teamOf'>): TeamId | null {
  return directory.isAgent(party) && directory.roleOf(party) === 'manager' ? directory.teamOf(party) : null;
}
