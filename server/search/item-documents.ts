/** Entries of transcripts as documents. */
import * as z from 'zod/mini';
import { ItemId, ProjectId, SessionId } from '../protocol/ids.ts';
import { Item } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';
import type { BatchNames } from './batch-names.ts';
import { itemText } from './item-text.ts';
import type { Document, Gone } from './search-index.ts';

type Entry = { readonly body: string; readonly sessionId: string; readonly agentId: string; readonly projectId: string };
/** A change of an entry, with the entry as it is now. */
type Row = { readonly change: number; readonly id: string } & (Entry | { readonly [name in keyof Entry]: null });

export class ItemDocuments {
  readonly #names: BatchNames;
  readonly #page;

  constructor(sessions: Database, names: BatchNames) {
    this.#names = names;
    // With the changes in one statement: to ask for each row alone costs more than the row.
    this.#page = sessions.prepare<[number, number], Row>(
      `select c.change, c.id, i.body, s.id as sessionId, s.agent_id as agentId, s.project_id as projectId
       from search_changes c left join items i on i.id = c.id left join sessions s on s.id = i.session_id
       where c.change > ? order by c.change limit ?`,
    );
  }

  /** Behind the change, with the change of each. */
  after(change: number, limit: number): { change: number; found: Document | Gone }[] {
    return this.#page.all(change, limit).map((row) => ({ change: row.change, found: this.#read(row) }));
  }

  /** Gone: the entry is, or nothing of it can be searched; so is one that the disk gave back damaged. */
  #read(row: Row): Document | Gone {
    const { id, body, sessionId, agentId, projectId } = row;
    const item = sessionId === null ? undefined : readItem(body);
    const content = item ? itemText(item) : '';
    if (!item || sessionId === null || content.trim() === '') return { group: 'messages', id };
    return {
      group: 'messages',
      id,
      columns: { content, session_id: sessionId, project_id: projectId },
      heading: `${this.#names.party(agentId)} in ${this.#names.project(projectId)}`,
      party: agentId,
      other: '',
      scope: projectId,
      at: item.at,
      target: {
        kind: 'item',
        projectId: ProjectId.parse(projectId),
        // Whether the agent is still there is looked up when the document is found.
        agentId: null,
        sessionId: SessionId.parse(sessionId),
        itemId: ItemId.parse(id),
      },
    };
  }
}

function readItem(body: string): Item | undefined {
  try {
    return z.safeParse(Item, JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
