/** What left the database for an archive is not found any more, and nothing else is lost by it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { MessageRecords } from '../../../server/retention/message-record.ts';
import { id, SearchWorld } from '../../support/search-world.ts';

let world: SearchWorld;
beforeEach(() => {
  world = new SearchWorld();
});
afterEach(() => world.remove());

const hits = () => world.find('falcon').groups.map(({ group, hits }) => [group, hits.length]);

function removeMessage(number: number): void {
  const { btmsg } = world.kept.stores;
  btmsg.write(() => new MessageRecords(btmsg.db).remove(id(number)));
}

test('the rows of the index go with the message, its dead letters included', () => {
  world.write(20, 'A falcon in a message');
  world.write(21, 'Another falcon');
  world.loseLetter(20, 'The falcon that nobody saw');
  assert.deepEqual(hits(), [
    ['communications', 2],
    ['deadLetters', 1],
  ]);
  removeMessage(20);
  assert.deepEqual(hits(), [['communications', 1]]);
});

test('an index that is made anew afterwards does not know it either', () => {
  world.write(20, 'A falcon in a message');
  world.write(21, 'Another falcon');
  removeMessage(20);
  world.restart();
  assert.deepEqual(hits(), [['communications', 1]]);
});
