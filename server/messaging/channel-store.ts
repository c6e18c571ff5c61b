/** The rows of `channels` and `channel_members`. */
import type { ChannelId, PartyId, TeamId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type ChannelRow = {
  readonly id: ChannelId;
  readonly teamId: TeamId;
  readonly name: string;
  readonly createdBy: PartyId;
  readonly createdAt: number;
};

const columns = 'id, team_id as teamId, name, created_by as createdBy, created_at as createdAt';

export class ChannelStore {
  readonly #insert;
  readonly #one;
  readonly #byName;
  readonly #ofTeam;
  readonly #all;
  readonly #join;
  readonly #leave;
  readonly #members;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `insert into channels (id, team_id, name, created_by, created_at, row_hash)
       values (:id, :teamId, :name, :createdBy, :createdAt, :rowHash)`,
    );
    this.#one = db.prepare<[string], ChannelRow>(`select ${columns} from channels where id = ?`);
    this.#byName = db.prepare<[string, string], ChannelRow>(`select ${columns} from channels where team_id = ? and name = ?`);
    this.#ofTeam = db.prepare<[string], ChannelRow>(`select ${columns} from channels where team_id = ? order by name`);
    this.#all = db.prepare<[], ChannelRow>(`select ${columns} from channels order by name, created_at limit 10000`);
    this.#join = db.prepare<[string, string, number, string]>(
      `insert into channel_members (channel_id, party, joined_at, row_hash) values (?, ?, ?, ?) on conflict (channel_id, party) do nothing`,
    );
    this.#leave = db.prepare<[string]>('delete from channel_members where party = ?');
    this.#members = db
      .prepare<[string], PartyId>('select party from channel_members where channel_id = ? order by joined_at, rowid')
      .pluck();
  }

  insert(row: ChannelRow): void {
    const { id, teamId, name, createdBy, createdAt } = row;
    this.#insert.run({ ...row, rowHash: rowHash([id, teamId, name, createdBy, createdAt]) });
  }

  get(id: ChannelId): ChannelRow | undefined {
    return this.#one.get(id);
  }

  named(teamId: TeamId, name: string): ChannelRow | undefined {
    return this.#byName.get(teamId, name);
  }

  ofTeam(teamId: TeamId): ChannelRow[] {
    return this.#ofTeam.all(teamId);
  }

  all(): ChannelRow[] {
    return this.#all.all();
  }

  /** Whether it was no member yet. */
  join(id: ChannelId, party: PartyId, joinedAt: number): boolean {
    return this.#join.run(id, party, joinedAt, rowHash([id, party, joinedAt])).changes === 1;
  }

  leaveAll(party: PartyId): void {
    this.#leave.run(party);
  }

  /** In the order in which they joined. */
  members(id: ChannelId): PartyId[] {
    return this.#members.all(id);
  }
}
