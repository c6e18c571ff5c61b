/** Where documents come from: what was changed in the databases of record behind a place, oldest change first. */
import type { Database } from '../store/open-database.ts';
import type { ReaderPause } from '../store/reader-pause.ts';
import { BatchNames } from './batch-names.ts';
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
/** A change, and what its row is now; undefined for one that is not searched. */
type Change = { readonly change: number; readonly found: Document | Gone | undefined };
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
  const called = new BatchNames(names);
  const [items, teamwork] = [new ItemDocuments(sessions, called), new TeamworkDocuments(btmsg, called)];
  const found = [
    changes(sessions, 'sessions', (place, limit) => items.after(place, limit)),
    changes(btmsg, 'btmsg', (place, limit) => teamwork.after(place, limit)),
    auditLog(btmsg, called),
  ];
  return found.map((source) => {
    const after = atOnce([sessions, btmsg], source.after);
    const look = (place: number, limit: number) => {
      called.begin();
      return after(place, limit);
    };
    return { ...source, after: (place, limit) => pause(() => look(place, limit)) };
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

function changes(db: Database, name: string, after: (place: number, limit: number) => readonly Change[]): Source {
  const last = db.prepare<[], number | null>('select max(change) from search_changes').pluck();
  const count = db.prepare<[number], number>('select count(*) from search_changes where change > ?').pluck();
  return {
    name,
    last: () => last.get() ?? 0,
    countAfter: (place) => count.get(place) ?? 0,
    after: (place, limit) => {
      const found = after(place, limit);
      const end = found.at(-1);
      // One that is changed while it is read here comes again, under a number that is still ahead.
      return end && { source: name, place: end.change, ...sorted(found.flatMap((change) => change.found ?? [])) };
    },
  };
}

function sorted(found: readonly (Document | Gone)[]): Pick<Batch, 'documents' | 'gone'> {
  const documents = found.flatMap((one) => ('columns' in one ? one : []));
  const gone = found.flatMap((one) => ('columns' in one ? [] : one));
  return { documents, gone };
}

/** Only ever grows, so its numbers are the places. */
function auditLog(btmsg: Database, names: BatchNames): Source {
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

function auditDocument({ seq, at, event, agentId, actor, detail }: AuditRow, names: BatchNames): Document[] {
  if (event === uninteresting) return [];
  const heading = agentId === null ? event : `${event} · ${names.party(agentId)}`;
  const columns = { event: event.replaceAll('_', ' '), detail, actor, seq: String(seq) };
  const parties = { party: agentId ?? '', other: '', scope: '' };
  return [{ group: 'audit', id: String(seq), columns, heading, ...parties, at, target: { kind: 'audit', seq } }];
}
