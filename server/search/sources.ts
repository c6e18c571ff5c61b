/** Where documents come from: what was changed in the databases of record behind a place, oldest change first. */
import type { Database } from '../store/open-database.ts';
import type { ReaderPause } from '../store/reader-pause.ts';
import { ItemDocuments } from './item-documents.ts';
import type { Names } from './names.ts';
import type { Batch, Document, Gone } from './search-index.ts';
import { TeamworkDocuments } from './teamwork-documents.ts';

export type Source = {
  readonly name: string;
  /** The place of its last change. */
  last(): number;
  /** How many changes there are behind the place; a row that changed often counts once. */
  countAfter(place: number): number;
  /** Undefined when there is none. */
  after(place: number, limit: number): Batch | undefined;
};

type Records = {
  readonly sessions: Database;
  readonly btmsg: Database;
  readonly names: Names;
  /** Of those who write; without it nobody else does. */
  readonly pause?: ReaderPause;
};
type Change = { readonly change: number; readonly kind: string; readonly id: string };
type Read = (kind: string, id: string) => Document | Gone | undefined;
type AuditRow = {
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  readonly agentId: string | null;
  readonly actor: string;
  readonly detail: string;
};

/** Comes all the time and says nothing. */
const uninteresting = 'heartbeat';

export function sourcesOf({ sessions, btmsg, names, pause = (read) => read() }: Records): Source[] {
  const items = new ItemDocuments(sessions, names);
  const teamwork = new TeamworkDocuments(btmsg, names);
  const found = [
    changes(sessions, 'sessions', (_, id) => items.read(id)),
    changes(btmsg, 'btmsg', (kind, id) => teamwork.read(kind, id)),
    auditLog(btmsg, names),
  ];
  return found.map((source) => {
    const after = atOnce([sessions, btmsg], source.after);
    return { ...source, after: (place, limit) => pause(() => after(place, limit)) };
  });
}

/** In one look at each database: to look for each row alone costs more than the row. */
function atOnce<A extends unknown[], T>(databases: readonly Database[], read: (...args: A) => T): (...args: A) => T {
  return databases.reduce(
    (inner, db) =>
      (...args: A) =>
        db.transaction(() => inner(...args))(),
    read,
  );
}

function changes(db: Database, name: string, read: Read): Source {
  const last = db.prepare<[], number | null>('select max(change) from search_changes').pluck();
  const count = db.prepare<[number], number>('select count(*) from search_changes where change > ?').pluck();
  const page = db.prepare<[number, number], Change>('select change, kind, id from search_changes where change > ? order by change limit ?');
  return {
    name,
    last: () => last.get() ?? 0,
    countAfter: (place) => count.get(place) ?? 0,
    after: (place, limit) => {
      const rows = page.all(place, limit);
      const end = rows.at(-1);
      // One that is changed while it is read here comes again, under a number that is still ahead.
      return end && { source: name, place: end.change, ...sorted(rows.flatMap(({ kind, id }) => read(kind, id) ?? [])) };
    },
  };
}

function sorted(found: readonly (Document | Gone)[]): Pick<Batch, 'documents' | 'gone'> {
  const documents = found.flatMap((one) => ('columns' in one ? one : []));
  const gone = found.flatMap((one) => ('columns' in one ? [] : one));
  return { documents, gone };
}

/** Only ever grows, so its numbers are the places. */
function auditLog(btmsg: Database, names: Names): Source {
  const last = btmsg.prepare<[], number | null>('select max(seq) from audit_log').pluck();
  const page = btmsg.prepare<[number, number], AuditRow>(
    'select seq, at, event, agent_id as agentId, actor, detail from audit_log where seq > ? order by seq limit ?',
  );
  return {
    name: 'audit',
    last: () => last.get() ?? 0,
    countAfter: (place) => Math.max(0, (last.get() ?? 0) - place),
    after: (place, limit) => {
      const rows = page.all(place, limit);
      const end = rows.at(-1);
      return end && { source: 'audit', place: end.seq, documents: rows.flatMap((row) => auditDocument(row, names)), gone: [] };
    },
  };
}

function auditDocument({ seq, at, event, agentId, actor, detail }: AuditRow, names: Names): Document[] {
  if (event === uninteresting) return [];
  const heading = agentId === null ? event : `${event} · ${names.party(agentId)}`;
  const columns = { event: event.replaceAll('_', ' '), detail, actor, seq: String(seq) };
  const parties = { party: agentId ?? '', other: '', scope: '' };
  return [{ group: 'audit', id: String(seq), columns, heading, ...parties, at, target: { kind: 'audit', seq } }];
}
