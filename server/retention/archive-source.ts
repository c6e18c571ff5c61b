/** What is archived: messages, or items of transcripts. Where they are, which of them are old, and how they leave. */
import type { ArchiveFacts, ArchiveFormat, WrittenLine } from './archive-file.ts';

/** `of`: the conversation that it belongs to. */
export type Old = { readonly id: string; readonly of: string; readonly at: number; readonly bytes: number };
export type Line = WrittenLine & { readonly id: string };
/** `emptiedAt`: null while a part of what it holds is in the database as well. */
export type ArchiveRow = ArchiveFacts & { readonly emptiedAt: number | null };

export type ArchiveSource = {
  readonly format: ArchiveFormat;
  /** With it the names of its archives begin. */
  readonly stem: string;
  /** All that may leave, in order; others get in between two looks. */
  old(before: number): AsyncIterable<Old>;
  /** Its line in an archive; undefined when it is gone, or something has happened since that keeps it. */
  oldLine(id: string, before: number): string | undefined;
  idOf(line: string): string;
  archives(): ArchiveRow[];
  /** A part of what it holds is perhaps in the database still. */
  isPending(row: ArchiveRow): boolean;
  /** From here on what it holds may go. */
  register(facts: ArchiveFacts): void;
  /** Removes what is still as it was archived, in one transaction; how many that were. */
  remove(facts: ArchiveFacts, lines: readonly Line[]): number;
  /** Nothing of what it holds is in the database any more, or what is has changed since. */
  emptied(row: ArchiveRow): void;
};
