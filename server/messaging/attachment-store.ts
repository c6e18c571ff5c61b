/** The rows of `attachments`. */
import type { AttachmentId, MessageId } from '../protocol/ids.ts';
import type { Attachment } from '../protocol/message.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import type { AttachedFile } from './attached-files.ts';

export type KeptFile = AttachedFile & { readonly messageId: MessageId };

export class AttachmentStore {
  readonly #insert;
  readonly #ofMessage;
  readonly #one;
  readonly #fitting;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `insert into attachments (id, message_id, name, bytes, sha256, content, row_hash)
       values (:id, :messageId, :name, :bytes, :sha256, :base64, :rowHash)`,
    );
    this.#ofMessage = db.prepare<[string], Attachment>(
      'select id, name, bytes, sha256 from attachments where message_id = ? order by rowid',
    );
    this.#one = db.prepare<[string], KeptFile>(
      'select id, message_id as messageId, name, bytes, sha256, content as base64 from attachments where id = ?',
    );
    this.#fitting = db.prepare<[string, string], { id: AttachmentId; messageId: MessageId }>(
      `select id, message_id as messageId from attachments where id like ? or id like ? order by rowid desc limit 50`,
    );
  }

  insert(messageId: MessageId, file: AttachedFile): void {
    const { id, name, bytes, sha256, base64 } = file;
    this.#insert.run({ ...file, messageId, rowHash: rowHash([id, messageId, name, bytes, sha256, base64]) });
  }

  ofMessage(messageId: MessageId): Attachment[] {
    return this.#ofMessage.all(messageId);
  }

  get(id: string): KeptFile | undefined {
    return this.#one.get(id);
  }

  /** Whose id begins or ends so. */
  fitting(part: string): { readonly id: AttachmentId; readonly messageId: MessageId }[] {
    return /^[0-9a-f-]{3,}$/i.test(part) ? this.#fitting.all(`${part}%`, `%${part}`) : [];
  }
}
