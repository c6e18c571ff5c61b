import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { AgentId, ItemId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { type Document, SearchIndex } from '../../../server/search/search-index.ts';
import { id } from '../../support/search-world.ts';
import { fillDisk } from '../../support/test-stores.ts';

let dir: string;
let index: SearchIndex;
let made = 0;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-index-'));
});
beforeEach(() => {
  index = SearchIndex.open(join(dir, `${made++}.db`));
});
after(() => rmSync(dir, { recursive: true, force: true }));

function document(number: number, content: string): Document {
  const [projectId, sessionId] = [ProjectId.parse(id(1)), SessionId.parse(id(2))];
  return {
    ...{ group: 'messages', id: id(number), columns: { content, session_id: sessionId, project_id: projectId } },
    ...{ heading: '', party: id(3), other: '', scope: projectId, at: number },
    target: { kind: 'item', projectId, agentId: AgentId.parse(id(3)), sessionId, itemId: ItemId.parse(id(number)) },
  };
}

const matching = (word: string) =>
  index.db.prepare<[string], number>('select rowid from search_messages where search_messages match ? order by rowid').pluck().all(word);
/** Throws when the index does not hold what its documents hold. */
const check = () => index.db.exec(`insert into search_messages (search_messages, rank) values ('integrity-check', 1)`);

test('a document that is put in again is found by its new text only, in its old place', () => {
  index.takeIn({ source: 's', place: 2, documents: [document(10, 'one falcon'), document(11, 'two')], gone: [] });
  index.takeIn({ source: 's', place: 3, documents: [document(10, 'one sparrow')], gone: [] });
  assert.deepEqual([matching('falcon'), matching('sparrow'), matching('two')], [[], [1], [2]]);
  check();
});

test('within one batch a document may come, change and go', () => {
  const gone = [{ group: 'messages', id: id(10) }] as const;
  index.takeIn({ source: 's', place: 1, documents: [document(10, 'falcon'), document(10, 'sparrow')], gone: [] });
  index.takeIn({ source: 's', place: 2, documents: [document(11, 'falcon')], gone: [...gone, ...gone] });
  assert.deepEqual([matching('sparrow'), index.count()], [[], 1]);
  check();
});

test('what changed while several batches were read is in as the last of them says', () => {
  const gone = [{ group: 'messages', id: id(10) }] as const;
  index.takeIn(
    { source: 's', place: 1, documents: [document(10, 'falcon'), document(11, 'sparrow')], gone: [] },
    { source: 's', place: 2, documents: [document(11, 'falcon')], gone },
  );
  assert.deepEqual([matching('falcon'), matching('sparrow'), index.count(), index.cursor('s')], [[2], [], 1, 2]);
  check();
});

test('on a full disk a batch is refused whole, and goes in with room again', () => {
  index.takeIn({ source: 's', place: 1, documents: [document(10, 'falcon')], gone: [] });
  const makeRoom = fillDisk(index.db);
  const batch = {
    source: 's',
    place: 2,
    documents: Array.from({ length: 200 }, (_, number) => document(20 + number, 'falcon '.repeat(90))),
  };
  assert.throws(() => index.takeIn({ ...batch, gone: [] }), { code: 'storage', message: /is full/ });
  assert.deepEqual([index.cursor('s'), index.count(), matching('falcon')], [1, 1, [1]]);
  makeRoom();
  index.takeIn({ ...batch, gone: [] });
  assert.deepEqual([index.cursor('s'), matching('falcon').length], [2, 201]);
  check();
});
