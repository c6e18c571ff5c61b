/** Entries of transcripts as documents. */
import * as z from 'zod/mini';
import { ItemId, ProjectId, SessionId } from '../protocol/ids.ts';
import { Item } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';
import { itemText } from './item-text.ts';
import type { Names } from './names.ts';
import type { Document, Gone } from './search-index.ts';

type Row = { readonly body: string; readonly sessionId: string; readonly agentId: string; readonly projectId: string };

export class ItemDocuments {
  readonly #names: Names;
  readonly #row;

  constructor(sessions: Database, names: Names) {
    this.#names = names;
    this.#row = sessions.prepare<[string], Row>(
      `select i.body, s.id as sessionId, s.agent_id as agentId, s.project_id as projectId
       from items i join sessions s on s.id = i.session_id where i.id = ?`,
    );
  }

  /** Gone: the entry is, or nothing of it can be searched; so is one that the disk gave back damaged. */
  read(id: string): Document | Gone {
    const row = this.#row.get(id);
    const item = row && readItem(row.body);
    const content = item ? itemText(item) : '';
    if (!row || !item || content.trim() === '') return { group: 'messages', id };
    const { sessionId, agentId, projectId } = row;
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
