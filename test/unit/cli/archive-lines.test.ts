/** Messages out of archives, without a backend. */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type ArchivedMessage, archivedMessages } from '../../../server/cli/archive-lines.ts';
import { dayMs, OldMessagesWorld } from '../../support/old-messages.ts';

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
