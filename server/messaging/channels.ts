/** Channels of a team: whoever is in one gets what is written there. */
import type { AuditLog } from '../audit/audit-log.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ChannelId, PartyId, TeamId } from '../protocol/ids.ts';
import { type Channel, partyIds } from '../protocol/message.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { ChannelRow, ChannelStore } from './channel-store.ts';
import type { By, Directory } from './deps.ts';
import type { MessageViews } from './message-views.ts';
import { agentIdIn, managedTeam, mayBeIn, seesAll } from './parties.ts';

export type ChannelsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: ChannelStore;
  readonly views: MessageViews;
  readonly directory: Directory;
  readonly now: () => number;
};

const maxPerTeam = 500;

export class Channels {
  readonly #deps: ChannelsDeps;

  constructor(deps: ChannelsDeps) {
    this.#deps = deps;
  }

  /** One of that name is there once: who creates it again joins it. */
  create({ name, team, members = [] }: Params<'channel/create'>, by: By): Result<'channel/create'> {
    const { directory, file, store } = this.#deps;
    const teamId = directory.findTeam(team, by.party);
    const parties = members.map((member) => this.#memberOf(teamId, directory.find(member, by.party)));
    const plain = plainName(name);
    return file.write(() => {
      const isNew = store.named(teamId, plain) === undefined;
      const row = this.ensure(teamId, plain, by);
      for (const party of by.party === partyIds.assistant ? parties : [by.party, ...parties]) this.join(row, party, by);
      return { channel: this.#deps.views.channel(row), isNew };
    });
  }

  /** The team's own; a person without a team named: all. */
  list({ team }: Params<'channel/list'>, as: PartyId): Channel[] {
    return this.#candidates(team, as).map((row) => this.#deps.views.channel(row));
  }

  /** An agent may join itself; others are added by a member, the person, or the team's manager. */
  add({ channel, team, member }: Params<'channel/add'>, by: By): Channel {
    const { directory, views } = this.#deps;
    const row = this.find(channel, team, by.party);
    const party = this.#memberOf(row.teamId, directory.find(member, by.party));
    const mayAdd = party === by.party || this.mayUse(row, by.party) || managedTeam(by.party, directory) === row.teamId;
    if (!mayAdd) throw new AgorError('refused', `Only who is in #${row.name} adds others to it. Join it first: add yourself.`);
    this.#deps.file.write(() => this.join(row, party, by));
    return views.channel(row);
  }

  /** By its name, with or without `#`, or its id. */
  find(reference: string, team: string | undefined, as: PartyId): ChannelRow {
    const rows = this.#candidates(team, as);
    const candidates = rows.map((row) => ({ ...row, within: this.#deps.directory.teamName(row.teamId) }));
    return resolveReference('channel', plainName(reference), candidates);
  }

  /** The person may look into all of them. */
  mayUse({ id, teamId }: Pick<ChannelRow, 'id' | 'teamId'>, party: PartyId): boolean {
    const { store, directory } = this.#deps;
    return seesAll(party) || party === partyIds.system || (mayBeIn(teamId, party, directory) && store.members(id).includes(party));
  }

  requireUse(row: Pick<ChannelRow, 'id' | 'teamId' | 'name'>, party: PartyId): void {
    if (this.mayUse(row, party)) return;
    throw new AgorError('refused', `You are not in #${row.name}. Join it first: btmsg channel add ${row.name} <your name>.`);
  }

  /** Makes it when there is none of that name. */
  ensure(teamId: TeamId, name: string, by: By): ChannelRow {
    const { file, store, now } = this.#deps;
    const known = store.named(teamId, name);
    if (known) return known;
    // What the backend posts to is not for agents to use up: no task could be moved to review any more.
    if (by.party !== partyIds.system && store.ofTeam(teamId).length >= maxPerTeam)
      throw new AgorError('tooLarge', `A team has at most ${maxPerTeam} channels. Use one that is there.`);
    const row: ChannelRow = { id: newId<ChannelId>(), teamId, name, createdBy: by.party, createdAt: now() };
    file.write(() => {
      store.insert(row);
      this.#audit('channel_created', row, by);
    });
    return row;
  }

  join(row: ChannelRow, party: PartyId, by: By): void {
    const { file, store, now } = this.#deps;
    file.write(() => {
      if (store.join(row.id, party, now())) this.#audit('channel_joined', row, { ...by, joined: party });
    });
  }

  #candidates(team: string | undefined, as: PartyId): ChannelRow[] {
    const { store, directory } = this.#deps;
    return seesAll(as) && team === undefined ? store.all() : store.ofTeam(directory.findTeam(team, as));
  }

  #memberOf(team: TeamId, party: PartyId): PartyId {
    const { directory } = this.#deps;
    if (mayBeIn(team, party, directory)) return party;
    const { name } = directory.party(party);
    throw new AgorError(
      'badRequest',
      `${name} is not in the team ${directory.teamName(team)}, whose channel this is. Write to it directly.`,
    );
  }

  #audit(event: 'channel_created' | 'channel_joined', row: ChannelRow, { party, actor, joined }: By & { joined?: PartyId }): void {
    const about = joined ?? party;
    const detail = { channelId: row.id, channel: row.name, teamId: row.teamId, by: party, ...(joined ? { joined } : {}) };
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId: agentIdIn(about), actor, detail });
  }
}

export function plainName(name: string): string {
  return name.startsWith('#') ? name.slice(1) : name;
}
