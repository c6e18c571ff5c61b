/** Whoever has the audit log open is told when it grows; an editor's chat, which may not read it, is not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import { LiveBackend, until } from '../support/live-backend.ts';

const serverDir = fileURLToPath(new URL('../../server', import.meta.url));

let backend: LiveBackend;
let person: Connection;
let assistant: Connection;

before(async () => {
  backend = await LiveBackend.create();
  person = await backend.connect();
  assistant = await openConnection({ dataDir: backend.dataDir, role: 'assistant', distDir: serverDir });
});
after(async () => {
  assistant.close();
  await backend.close();
});

test('what is told of can be asked for, and holds what was done', async () => {
  const [heard, overheard]: [number[], number[]] = [[], []];
  person.on('audit/appended', ({ seq }) => heard.push(seq));
  assistant.on('audit/appended', ({ seq }) => overheard.push(seq));
  const before = (await person.call('audit/list', { limit: 1 })).records[0]?.seq ?? 0;
  await backend.demoAgent(person);
  for (let number = 1; number <= 20; number += 1) await person.call('task/add', { title: `Task ${number}` });
  const newest = (await person.call('audit/list', { limit: 1 })).records[0]?.seq ?? 0;
  await until(() => heard.at(-1) === newest);
  const { records, hasEarlier } = await person.call('audit/list', { afterSeq: before });
  assert.equal(hasEarlier, false);
  assert.deepEqual([records[0]?.seq, records.at(-1)?.event], [newest, 'project_added']);
  await assistant.call('backend/ping', {});
  assert.deepEqual(overheard, []);
});
