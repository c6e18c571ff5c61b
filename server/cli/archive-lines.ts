/** Reads archives, which needs no backend: JSON lines, compressed with gzip. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { Item } from '../protocol/session.ts';

/** Of each row only what is shown here; the file holds all of it. */
const MessageLine = z.object({
  id: z.string(),
  message: z.array(z.object({ sender: z.string(), recipient: z.nullable(z.string()), body: z.string(), sent_at: z.number() })),
});
const ItemLine = z.object({ item: z.object({ session_id: z.string(), body: z.string() }) });

export type ArchivedMessage = {
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: string;
  readonly sentAt: number;
};
export type ArchivedItem = { readonly sessionId: string; readonly item: Item };

/** Those whose text holds `words`, in any case; all without. */
export async function* archivedMessages(path: string, words = ''): AsyncGenerator<ArchivedMessage> {
  for await (const line of linesOf(path)) {
    const { id, message } = readable(path, () => MessageLine.parse(JSON.parse(line)));
    for (const { sender: from, recipient: to, body, sent_at: sentAt } of message)
      if (body.toLowerCase().includes(words.toLowerCase())) yield { id, from, to, text: body, sentAt };
  }
}

type Wanted = { readonly words?: string | undefined; readonly sessionId?: string | undefined };

/** Entries of transcripts, of one session or of all, whose text holds the words. */
export async function* archivedItems(path: string, { words = '', sessionId }: Wanted): AsyncGenerator<ArchivedItem> {
  // As it stands in JSON, where quotes and line breaks are other signs.
  const written = JSON.stringify(words).slice(1, -1).toLowerCase();
  for await (const line of linesOf(path)) {
    const { item } = readable(path, () => ItemLine.parse(JSON.parse(line)));
    if (sessionId !== undefined && item.session_id !== sessionId) continue;
    if (!item.body.toLowerCase().includes(written)) continue;
    yield { sessionId: item.session_id, item: readable(path, () => Item.parse(JSON.parse(item.body))) };
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = createGunzip();
  file.on('error', (error) => text.destroy(error));
  try {
    yield* createInterface({ input: file.pipe(text) });
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    file.destroy();
  }
}

function readable<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): AgorError {
  return new AgorError('storage', `The archive ${path} cannot be read: it is gone, damaged or cut short.`, { cause });
}
