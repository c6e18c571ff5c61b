/** What an import brought over, as it is read through the contract; and that it moves nobody to do anything. */
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { fillOriginal, OriginalSystem } from '../support/original-database.ts';

let backend: LiveBackend;
let person: Connection;

before(async () => {
  backend = await LiveBackend.create();
  person = await backend.connect();
  await person.call('project/add', { path: backend.project, trusted: true });
  await person.call('agent/add', { project: 'project', name: 'builder', provider: 'demo' });
  await person.call('agent/start', { agent: 'builder' });
  const earlier = join(backend.root, 'earlier');
  mkdirSync(earlier);
  const system = new OriginalSystem(join(earlier, 'btmsg.db'));
  fillOriginal(system, realpathSync(backend.project));
  await person.call('import/run', { dir: earlier });
  system.close();
});
after(() => backend.close());

test('old messages are read under the names of those who wrote them, with what became of them', async () => {
  const { messages } = await person.call('message/feed', { agent: 'builder' });
  const read = messages.map(({ from, text, deliveries }) => `${from.name}: ${text} ${deliveries.map(({ state }) => state)}`);
  assert.deepEqual(read, [
    'Manager (removed): Build the shop. seen',
    'builder: It is built. seen',
    'Manager (removed): Thanks. dead',
    'Manager (removed): Who reviews? seen',
  ]);
});

test('an agent for whom something was unread is neither given it nor told of it', async () => {
  const marker = 'help';
  await person.call('agent/prompt', { agent: 'builder', text: marker });
  await until(async () => (await person.call('audit/list', { events: ['turn_ended'] })).records.length > 0);
  const turns = await person.call('audit/list', { events: ['turn_started', 'message_delivered', 'message_read', 'message_dead'] });
  assert.deepEqual(
    turns.records.map(({ event }) => event),
    ['turn_started'],
  );
  assert.deepEqual((await person.call('deadLetter/list', {})).deadLetters, []);
});
