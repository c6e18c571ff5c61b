/** Messages and transcripts out of archives, without a backend. */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type ArchivedItem, type ArchivedMessage, archivedItems, archivedMessages } from '../../../server/cli/archive-lines.ts';
import { dayMs, OldMessagesWorld } from '../../support/old-messages.ts';
import { OldTranscriptsWorld } from '../../support/old-transcripts.ts';

let world: OldMessagesWorld;
let path: string;
beforeEach(async () => {
  world = new OldMessagesWorld();
  for (const text of ['The Falcon flies', 'the sparrow does not', 'no bird at all']) world.told(text);
  world.messaging.clock.setWallClock(100 * dayMs);
  world.told('and so on');
  await world.archiving().run(world.now - 90 * dayMs);
  path = join(world.dir, world.archiveNames()[0] ?? '');
});
afterEach(() => world.close());

async function read(words?: string): Promise<ArchivedMessage[]> {
  const found: ArchivedMessage[] = [];
  for await (const message of archivedMessages(path, words)) found.push(message);
  return found;
}

test('all messages are there in their order, with who wrote to whom', async () => {
  const found = await read();
  assert.deepEqual(
    found.map(({ text, from, to }) => [text, from, to]),
    ['The Falcon flies', 'the sparrow does not', 'no bird at all'].map((text) => [text, world.lead.id, world.builder.id]),
  );
});

test('those that hold the words are found in any case', async () => {
  assert.deepEqual(
    (await read('FALCON')).map(({ text }) => text),
    ['The Falcon flies'],
  );
  assert.deepEqual(await read('eagle'), []);
});

test('one that is cut short or gone is told, with its name', async () => {
  truncateSync(path, 40);
  await assert.rejects(read(), { code: 'storage', message: /messages-.* cannot be read/ });
  path = join(world.dir, 'nowhere.jsonl.gz');
  await assert.rejects(read(), { code: 'storage', message: /nowhere/ });
});

test('entries of a transcript are there in their order, by session and by what they say', async (context) => {
  const transcripts = new OldTranscriptsWorld();
  context.after(() => transcripts.remove());
  transcripts.work('The "Falcon" flies');
  const other = transcripts.newSession();
  transcripts.work('the sparrow does not', other);
  transcripts.letPass(100);
  await transcripts.archiving().run(transcripts.before());
  const archive = join(transcripts.dir, transcripts.archiveNames()[0] ?? '');
  const kinds = async (wanted: Parameters<typeof archivedItems>[1]) => {
    const found: ArchivedItem[] = [];
    for await (const item of archivedItems(archive, wanted)) found.push(item);
    return found.map(({ sessionId, item }) => [sessionId, item.kind]);
  };
  const turnOf = (session: string) => ['text', 'tool', 'turnEnd'].map((kind) => [session, kind]);
  assert.deepEqual(await kinds({}), [...turnOf(transcripts.id), ...turnOf(other)]);
  assert.deepEqual(await kinds({ sessionId: other }), turnOf(other));
  assert.deepEqual(await kinds({ words: 'the "falcon"' }), [[transcripts.id, 'text']]);
});
