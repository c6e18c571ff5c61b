/** What is kept how long, and what was taken out into archives. */
import * as z from 'zod/mini';

export const MessageArchive = z.object({
  /** Its file in the folder of archives: JSON lines, compressed with gzip. */
  name: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  messages: z.number(),
  firstSentAt: z.number(),
  lastSentAt: z.number(),
  createdAt: z.number(),
  /** Null while a part of what it holds is in the database as well. */
  emptiedAt: z.nullable(z.number()),
  /** Somebody took its file away. */
  isMissing: z.boolean(),
});
export type MessageArchive = z.infer<typeof MessageArchive>;

/** Of items of transcripts; the same form as an archive of messages. */
export const TranscriptArchive = z.object({
  name: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  items: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  createdAt: z.number(),
  emptiedAt: z.nullable(z.number()),
  isMissing: z.boolean(),
});
export type TranscriptArchive = z.infer<typeof TranscriptArchive>;

export const RetentionRun = z.object({
  at: z.number(),
  /** Messages that went into archives, and out of the database. */
  archived: z.number(),
  removed: z.number(),
  /** The same of items of transcripts; only where they are not kept for good. */
  archivedItems: z.optional(z.number()),
  removedItems: z.optional(z.number()),
  /** Of old logs, error output, quarantine and what ended runs left. */
  removedFiles: z.number(),
  freedBytes: z.number(),
  /** Pages of the databases that were given back to the disk. */
  freedPages: z.number(),
  /** What could not be done, one sentence each. */
  problems: z.array(z.string()),
});
export type RetentionRun = z.infer<typeof RetentionRun>;

/**
 * `off`: messages are kept for good. `quiet`: none is old enough yet. `announced`: the person was told, and has until
 * `beginsAt`. `agreed`: old messages are archived each day.
 */
export const RetentionState = z.enum(['off', 'quiet', 'announced', 'agreed']);
export type RetentionState = z.infer<typeof RetentionState>;

export const RetentionReport = z.object({
  messageDays: z.number(),
  /** 0: transcripts are kept for good. */
  transcriptDays: z.number(),
  state: RetentionState,
  announcedAt: z.nullable(z.number()),
  /** When old messages are archived without a word of the person; null where nothing was announced. */
  beginsAt: z.nullable(z.number()),
  lookedAt: z.nullable(z.number()),
  lastRun: z.nullable(RetentionRun),
  archiveDir: z.string(),
  archives: z.array(MessageArchive),
  transcriptArchiveDir: z.string(),
  transcriptArchives: z.array(TranscriptArchive),
});
export type RetentionReport = z.infer<typeof RetentionReport>;

/** What a run would take out now. */
export const RetentionPreview = z.object({
  messages: z.number(),
  bytes: z.number(),
  firstSentAt: z.nullable(z.number()),
  lastSentAt: z.nullable(z.number()),
  /** Of transcripts, in how many sessions. */
  items: z.number(),
  itemBytes: z.number(),
  sessions: z.number(),
  firstItemAt: z.nullable(z.number()),
  lastItemAt: z.nullable(z.number()),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;
