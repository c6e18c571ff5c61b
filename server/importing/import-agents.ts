/** Who is who: agents of ours by name and folder, the person for the original's admin, and the others as former parties. */
import { AgentId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { OriginalRow } from '../store/original-database.ts';
import { formerId, formerKind } from './former-parties.ts';
import { createdAt, type ImportWork, type KnownAgent, keyBy, tableOf, takeTable } from './import-work.ts';
import { textOf, timeOf } from './original-values.ts';

const operatorRole = 'admin';

export function importAgents(work: ImportWork): void {
  const { record, knownAgents } = work;
  takeTable(work, {
    table: 'agents',
    keyOf: keyBy('id'),
    take: (row, key) => {
      const party = partyFor(row, knownAgents);
      if (party === undefined) keepFormer(work, key, textOf(row, 'name') ?? key);
      return party ?? formerId(record.source, key);
    },
  });
}

/** Whom an id of the original means here; one that its agents do not know is kept by the id as its name. */
export function partyOf(work: ImportWork, originalId: string | undefined): string {
  const { record } = work;
  if (originalId === undefined) return partyIds.system;
  const known = record.localId('agents', originalId);
  if (known !== undefined) return known;
  if (['admin', 'user', 'operator', 'human'].includes(originalId)) return partyIds.person;
  keepFormer(work, originalId, originalId);
  return formerId(record.source, originalId);
}

export function importContacts(work: ImportWork): void {
  const contacts = tableOf(work, 'contacts');
  takeTable(work, {
    table: 'contacts',
    keyOf: keyBy('agent_id', 'contact_id'),
    take: (row, key) => {
      const [party, contact] = [partyOf(work, textOf(row, 'agent_id')), partyOf(work, textOf(row, 'contact_id'))];
      if (![party, contact].every((id) => isLiving(id))) return left(work, 'A contact of an agent that is none of ours was left.');
      contacts.insert({ party, contact, origin: 'import', created_at: timeOf(row, 'created_at') ?? work.startedAt });
      return key;
    },
  });
}

export function importHeartbeats(work: ImportWork): void {
  const heartbeats = tableOf(work, 'heartbeats');
  takeTable(work, {
    table: 'heartbeats',
    keyOf: keyBy('agent_id', 'timestamp'),
    take: (row, key) => {
      const agent = partyOf(work, textOf(row, 'agent_id'));
      if (!AgentId.safeParse(agent).success) return left(work, 'A heartbeat of an agent that is none of ours was left.');
      const isFirst = heartbeats.insert({
        agent_id: agent,
        last_heartbeat: timeOf(row, 'timestamp') ?? createdAt(row, work, 'heartbeats'),
        status: 'stopped',
      });
      return isFirst ? key : left(work, 'A heartbeat was left, because the agent has been heard from since.');
    },
  });
}

export function left({ record }: ImportWork, sentence: string): undefined {
  record.note(sentence);
  return undefined;
}

function partyFor(row: OriginalRow, known: readonly KnownAgent[]): string | undefined {
  if (textOf(row, 'role') === operatorRole) return partyIds.person;
  const [name, folder] = [textOf(row, 'name'), textOf(row, 'cwd')?.replace(/(?<=.)\/+$/, '')];
  return known.find((agent) => agent.name === name && agent.projectPath === folder)?.id;
}

function keepFormer({ record }: ImportWork, originalId: string, name: string): void {
  const party = formerId(record.source, originalId);
  if (record.localId(formerKind, party) === undefined) record.keep(formerKind, party, name);
}

function isLiving(party: string): boolean {
  return party === partyIds.person || AgentId.safeParse(party).success;
}
