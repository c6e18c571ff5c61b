/** Messages, tasks with what was said about them, and dead letters, as documents. */
import { DeadLetterId, MessageId, PartyId, TaskId, TeamId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import type { BatchNames } from './batch-names.ts';
import type { Document, Gone } from './search-index.ts';

type Change = { readonly change: number; readonly kind: string; readonly id: string };
type MessageRow = {
  readonly body: string;
  readonly sender: string;
  readonly recipient: string | null;
  readonly channelId: string | null;
  readonly teamId: string | null;
  readonly at: number;
};
type TaskRow = {
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly assignee: string | null;
  readonly createdBy: string;
  readonly teamId: string;
  readonly removedAt: number | null;
  readonly at: number;
};
type LetterRow = {
  readonly messageId: string;
  readonly sender: string;
  readonly recipient: string;
  readonly content: string;
  readonly error: string;
  readonly at: number;
};

export class TeamworkDocuments {
  readonly #names: BatchNames;
  readonly #changes;
  readonly #message;
  readonly #task;
  readonly #comments;
  readonly #letter;

  constructor(btmsg: Database, names: BatchNames) {
    this.#names = names;
    this.#changes = btmsg.prepare<[number, number], Change>(
      'select change, kind, id from search_changes where change > ? order by change limit ?',
    );
    this.#message = btmsg.prepare<[string], MessageRow>(
      `select body, sender, recipient, channel_id as channelId, team_id as teamId, sent_at as at from messages where id = ?`,
    );
    this.#task = btmsg.prepare<[string], TaskRow>(
      `select title, description, status, assigned_to as assignee, created_by as createdBy, team_id as teamId, removed_at as removedAt,
         updated_at as at from tasks where id = ?`,
    );
    this.#comments = btmsg.prepare<[string], string>('select content from task_comments where task_id = ? order by created_at, id').pluck();
    this.#letter = btmsg.prepare<[string], LetterRow>(
      `select message_id as messageId, from_agent as sender, to_agent as recipient, content, error, created_at as at
       from dead_letter_queue where id = ?`,
    );
  }

  /** Behind the change, with the change of each. */
  after(change: number, limit: number): { change: number; found: Document | Gone | undefined }[] {
    return this.#changes.all(change, limit).map((row) => ({ change: row.change, found: this.#read(row) }));
  }

  /** Undefined for a kind that is none of these. */
  #read({ kind, id }: Change): Document | Gone | undefined {
    if (kind === 'message') return this.#readMessage(id);
    if (kind === 'task') return this.#readTask(id);
    return kind === 'deadLetter' ? this.#readLetter(id) : undefined;
  }

  #readMessage(id: string): Document | Gone {
    const row = this.#message.get(id);
    if (!row) return { group: 'communications', id };
    const { body, sender: party, recipient, channelId, teamId, at } = row;
    const [sender, channel] = [this.#names.party(party), channelId === null ? '' : this.#names.channel(channelId)];
    const to = recipient === null ? '' : this.#names.party(recipient);
    return {
      group: 'communications',
      id,
      columns: { content: body, sender, recipient: to, channel, message_id: id },
      heading: `${sender} to ${channelId === null ? to : `#${channel}`}`,
      party,
      other: recipient ?? '',
      scope: teamId ?? '',
      at,
      target: { kind: 'message', messageId: MessageId.parse(id), sender: PartyId.parse(party), agentId: null },
    };
  }

  #readTask(id: string): Document | Gone {
    const row = this.#task.get(id);
    if (!row || row.removedAt !== null) return { group: 'tasks', id };
    const { title, status, createdBy, teamId, at } = row;
    const description = [row.description, ...this.#comments.all(id)].filter((text) => text !== '').join('\n');
    const assignee = row.assignee === null ? '' : this.#names.party(row.assignee);
    return {
      group: 'tasks',
      id,
      columns: { title, description, assignee, status, task_id: id },
      heading: title,
      party: row.assignee ?? '',
      other: createdBy,
      scope: teamId,
      at,
      target: { kind: 'task', teamId: TeamId.parse(teamId), taskId: TaskId.parse(id) },
    };
  }

  #readLetter(id: string): Document | Gone {
    const row = this.#letter.get(id);
    if (!row) return { group: 'deadLetters', id };
    const sender = this.#names.party(row.sender);
    // The recipient is as the sender named it, when it was nobody.
    const recipient = this.#names.known(row.recipient) ?? row.recipient;
    return {
      group: 'deadLetters',
      id,
      columns: { content: row.content, error: row.error, sender, recipient, dead_letter_id: id },
      heading: `${sender} to ${recipient}`,
      party: row.sender,
      other: row.recipient,
      scope: '',
      at: row.at,
      target: { kind: 'deadLetter', deadLetterId: DeadLetterId.parse(id), messageId: MessageId.parse(row.messageId) },
    };
  }
}
