/** Channels and who is in them. A name that the team has already means the channel that is there. */
import { ChannelName } from '../protocol/message.ts';
import type { OriginalRow } from '../store/original-database.ts';
import { left, partyOf } from './import-agents.ts';
import { createdAt, type ImportWork, keyBy, ownId, tableOf, takeTable, teamOf } from './import-work.ts';
import { textOf, timeOf } from './original-values.ts';

export function importChannels(work: ImportWork): void {
  const channels = tableOf(work, 'channels');
  const named = work.db.prepare<[string, string], string>('select id from channels where team_id = ? and name = ?').pluck();
  takeTable(work, {
    table: 'channels',
    keyOf: keyBy('id'),
    take: (row, key) => {
      const [team, name] = [teamOf(work, row), nameOf(row, key)];
      const known = named.get(team, name);
      if (known !== undefined) return known;
      const id = ownId(work, 'channels', key);
      const created_by = partyOf(work, textOf(row, 'created_by'));
      channels.insert({ id, team_id: team, name, created_by, created_at: createdAt(row, work, 'channels') });
      return id;
    },
  });
}

export function importChannelMembers(work: ImportWork): void {
  const members = tableOf(work, 'channel_members');
  takeTable(work, {
    table: 'channel_members',
    keyOf: keyBy('channel_id', 'agent_id'),
    take: (row, key) => {
      const channel = work.record.localId('channels', textOf(row, 'channel_id') ?? '');
      if (channel === undefined) return left(work, 'A member of a channel that is not there was left.');
      const party = partyOf(work, textOf(row, 'agent_id'));
      members.insert({ channel_id: channel, party, joined_at: timeOf(row, 'joined_at') ?? work.startedAt });
      return key;
    },
  });
}

/** In the letters that names of channels have here. */
function nameOf(row: OriginalRow, key: string): string {
  const plain = (textOf(row, 'name') ?? key)
    .toLowerCase()
    .replace(/^#/, '')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 50);
  return ChannelName.safeParse(plain).success ? plain : 'imported';
}
