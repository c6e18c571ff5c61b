/** A team that has written to each other long ago, and what of that is where. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../server/protocol/message.ts';
import { archiveEnding, archiveLines } from '../../server/retention/archive-file.ts';
import { Archiving } from '../../server/retention/archiving.ts';
import { HousekeepingStore } from '../../server/retention/housekeeping-store.ts';
import { lineOf, MessageRecord, MessageRecords } from '../../server/retention/message-record.ts';
import { MessageSource } from '../../server/retention/message-source.ts';
import { MessagingWorld, type Someone } from './messaging-world.ts';

export const dayMs = 24 * 60 * 60_000;

export class OldMessagesWorld {
  readonly messaging = new MessagingWorld();
  readonly lead: Someone;
  readonly builder: Someone;

  constructor() {
    // So that there is a time before which something can be old.
    this.messaging.clock.setWallClock(Date.UTC(2026, 0, 1));
    this.lead = this.messaging.add('lead', { role: 'manager' });
    this.builder = this.messaging.add('builder');
  }

  get db() {
    return this.messaging.stores.btmsg.db;
  }

  get dir(): string {
    return this.messaging.kept.paths.archive;
  }

  get now(): number {
    return this.messaging.clock.now();
  }

  /** Written, and seen by its reader. */
  told(text: string, from = this.lead, to = this.builder): Message {
    const message = this.messaging.send(from, to, text, { expectsReply: false });
    this.messaging.giveTurn(to);
    return message;
  }

  archiving(isEnding = () => false): Archiving {
    const { btmsg: file, audit } = this.messaging.stores;
    const course = { pause: async () => {}, now: () => this.now, isEnding };
    const source = new MessageSource({ file, audit, store: new HousekeepingStore(file.db), ...course });
    return new Archiving({ source, dir: this.dir, ...course });
  }

  kept(): string[] {
    return this.db.prepare<[], string>('select id from messages order by place').pluck().all();
  }

  lineOf(id: string): string | undefined {
    const record = new MessageRecords(this.db).read(id);
    return record && lineOf(record);
  }

  archiveNames(): string[] {
    try {
      return readdirSync(this.dir).filter((name) => name.endsWith(archiveEnding));
    } catch {
      return [];
    }
  }

  async archivedLines(): Promise<string[]> {
    const lines: string[] = [];
    for (const name of this.archiveNames()) for await (const line of archiveLines(join(this.dir, name))) lines.push(line);
    return lines;
  }

  async archived(): Promise<string[]> {
    return (await this.archivedLines()).map((line) => MessageRecord.parse(JSON.parse(line)).id);
  }

  close(): void {
    this.messaging.close();
  }
}
