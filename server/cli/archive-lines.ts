/** Reads the messages of an archive, which needs no backend: JSON lines, compressed with gzip. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';

/** Of each row only what is shown here; the file holds all of it. */
const Line = z.object({
  id: z.string(),
  message: z.array(z.object({ sender: z.string(), recipient: z.nullable(z.string()), body: z.string(), sent_at: z.number() })),
});

export type ArchivedMessage = {
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: string;
  readonly sentAt: number;
};

/** Those whose text holds `words`, in any case; all without. */
export async function* archivedMessages(path: string, words = ''): AsyncGenerator<ArchivedMessage> {
  const file = createReadStream(path);
  const text = createGunzip();
  file.on('error', (error) => text.destroy(error));
  try {
    for await (const line of createInterface({ input: file.pipe(text) })) {
      const { id, message } = Line.parse(JSON.parse(line));
      for (const { sender: from, recipient: to, body, sent_at: sentAt } of message)
        if (body.toLowerCase().includes(words.toLowerCase())) yield { id, from, to, text: body, sentAt };
    }
  } catch (cause) {
    throw new AgorError('storage', `The archive ${path} cannot be read: it is gone, damaged or cut short.`, { cause });
  } finally {
    file.destroy();
  }
}
