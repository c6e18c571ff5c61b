/** Who is in the team, how they are, and who may write to whom. */
import { AgorError } from '../protocol/errors.ts';
import type { PartyId, TeamId } from '../protocol/ids.ts';
import { type Contact, partyIds } from '../protocol/message.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { Party } from '../protocol/team.ts';
import type { By, Directory, MessagingDeps } from './deps.ts';
import type { OwedReplies } from './owed-replies.ts';
import { agentIdIn, managedTeam, seesAll } from './parties.ts';
import type { Records } from './records.ts';

export type TeamViewsDeps = Pick<MessagingDeps, 'presence' | 'statusOf' | 'register' | 'heartbeat'> & {
  readonly records: Records;
  readonly owed: OwedReplies;
  readonly directory: Directory;
};

type Member = Result<'message/status'>['agents'][number];
type Graph = Result<'message/graph'>;

export class TeamViews {
  readonly #deps: TeamViewsDeps;

  constructor(deps: TeamViewsDeps) {
    this.#deps = deps;
  }

  contacts({ of }: Params<'message/contacts'>, as: PartyId): Contact[] {
    const { directory } = this.#deps;
    const party = of === undefined ? as : directory.find(of, as);
    const managed = managedTeam(as, directory);
    const isOfManaged = managed !== null && directory.teamOf(party) === managed;
    if (party !== as && !seesAll(as) && !isOfManaged)
      throw new AgorError('refused', 'You can look at your own contacts, and a manager at those of its team. Leave "of" away.');
    return directory.contactsOf(party).map((contact) => this.#contact(party, contact));
  }

  /** A person's to give, or a manager's within its team. */
  allow({ from, to, both = false }: Params<'message/allow'>, { party }: By): Result<'message/allow'> {
    const { directory } = this.#deps;
    const [a, b] = [directory.find(from, party), directory.find(to, party)];
    this.#requireMayAllow(party, [a, b]);
    if (a === b) throw new AgorError('badRequest', 'Nobody has to be allowed to write to themselves. Name two different agents.');
    const pairs = both
      ? ([
          [a, b],
          [b, a],
        ] as const)
      : ([[a, b]] as const);
    for (const [writer, reader] of pairs) directory.allow(writer, reader, party);
    return { allowed: pairs.map(([writer, reader]) => ({ from: directory.party(writer), to: directory.party(reader) })) };
  }

  whoami(as: PartyId): Result<'message/whoami'> {
    const { directory, records, owed } = this.#deps;
    const isAgent = directory.isAgent(as);
    const team = directory.teamOf(as);
    return {
      party: directory.party(as),
      role: directory.roleOf(as),
      tier: directory.tierOf(as),
      team: team === null ? null : directory.teamName(team),
      project: isAgent ? directory.projectName(as) : null,
      unread: records.deliveries.unreadCount(as),
      owed: owed.of(as).length,
    };
  }

  status({ team }: Params<'message/status'>, as: PartyId): Member[] {
    return this.#members(this.#deps.directory.findTeam(team, as)).map((id) => this.#member(id));
  }

  graph({ team }: Params<'message/graph'>, as: PartyId): Graph {
    const ids = [partyIds.person, ...this.#members(this.#deps.directory.findTeam(team, as))];
    return { nodes: ids.map((id) => this.#node(id)), links: this.#links(ids) };
  }

  /** Adding an agent is for the person and for managers. */
  register(params: Params<'message/register'>, by: By): ReturnType<MessagingDeps['register']> {
    if (by.party === partyIds.person || managedTeam(by.party, this.#deps.directory) !== null) return this.#deps.register(params, by);
    throw new AgorError('refused', 'Only the person and managers register agents. Ask your manager.');
  }

  heartbeat(as: PartyId): Result<'message/heartbeat'> {
    const agentId = agentIdIn(as);
    if (agentId === null) throw new AgorError('badRequest', 'Only an agent has a heartbeat: run it where an agent runs.');
    return { at: this.#deps.heartbeat(agentId) };
  }

  #contact(party: PartyId, contact: PartyId): Contact {
    const { directory, presence } = this.#deps;
    const isAgent = directory.isAgent(contact);
    return {
      party: directory.party(contact),
      role: isAgent ? directory.roleOf(contact) : contact,
      project: isAgent ? directory.projectName(contact) : '',
      presence: isAgent ? presence(contact).word : contact,
      mayWrite: directory.refusalToWrite(party, contact) === null,
    };
  }

  #requireMayAllow(party: PartyId, pair: readonly PartyId[]): void {
    const { directory } = this.#deps;
    if (party === partyIds.person) return;
    const managed = managedTeam(party, directory);
    if (managed === null) throw new AgorError('refused', 'Only the person and managers decide who may write to whom. Ask your manager.');
    const stranger = pair.find((id) => directory.teamOf(id) !== managed);
    if (stranger === undefined) return;
    throw new AgorError('refused', `${directory.party(stranger).name} is not in your team, so only the person can allow that.`);
  }

  #members(team: TeamId): PartyId[] {
    return this.#deps.directory.members(team);
  }

  #member(id: PartyId): Member {
    const { directory, records, owed } = this.#deps;
    return {
      party: directory.party(id),
      role: directory.roleOf(id),
      tier: directory.tierOf(id),
      project: directory.projectName(id),
      ...this.#statusOf(id),
      unread: records.deliveries.unreadCount(id),
      owed: owed.of(id).length,
    };
  }

  #statusOf(id: PartyId): Pick<Member, 'status' | 'activity' | 'lastHeartbeatAt'> {
    const agentId = agentIdIn(id);
    return agentId === null ? { status: 'stopped', activity: 'inactive', lastHeartbeatAt: null } : this.#deps.statusOf(agentId);
  }

  #node(id: PartyId): Graph['nodes'][number] {
    const { directory } = this.#deps;
    const party: Party = directory.party(id);
    const status = id === partyIds.person ? 'person' : this.#statusOf(id).status;
    return { party, role: directory.roleOf(id), tier: directory.tierOf(id), status };
  }

  /** Each pair once; both ways where both may write. */
  #links(ids: readonly PartyId[]): Graph['links'] {
    const may = (from: PartyId, to: PartyId) => this.#deps.directory.refusalToWrite(from, to) === null;
    return ids.flatMap((a, index) =>
      ids.slice(index + 1).flatMap((b) => {
        const [there, back] = [may(a, b), may(b, a)];
        if (!there && !back) return [];
        return [there ? { from: a, to: b, both: back } : { from: b, to: a, both: false }];
      }),
    );
  }
}
