import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { loadSession, newSession, pruneSessions, saveSession, withPrompt, withReply } from '../../../server/demo-agent/session-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'agor-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a session of the demo agent', () => {
  it('is read as it was written', () => {
    const session = withReply(withPrompt(newSession(newId(), '/p'), 'hello'), 'hi', 5);
    saveSession(folder, session);
    assert.deepEqual(loadSession(folder, session.id), session);
    assert.deepEqual([session.turns, session.usedTokens, session.exchanges], [1, 1_205, [{ prompt: 'hello', reply: 'hi' }]]);
  });

  it('stays small however long it gets, and counts on', () => {
    let session = newSession(newId(), '/p');
    for (let turn = 0; turn < 100; turn++) session = withReply(withPrompt(session, 'x'.repeat(100_000)), 'y'.repeat(100_000), 1);
    assert.equal(session.turns, 100);
    assert.ok(JSON.stringify(session).length < 2_000_000);
  });

  it('is unknown when its id is none, its file is missing or damaged', () => {
    const id: string = newId();
    assert.equal(loadSession(folder, '../../etc/passwd'), undefined);
    assert.equal(loadSession(folder, id), undefined);
    writeFileSync(path.join(folder, `${id}.json`), '{"id":');
    assert.equal(loadSession(folder, id), undefined);
    writeFileSync(path.join(folder, `${id}.json`), '{"id":7}');
    assert.equal(loadSession(folder, id), undefined);
  });

  it('is removed when two hundred are younger', () => {
    for (let index = 0; index < 203; index++) {
      const file = path.join(folder, `${index}.json`);
      writeFileSync(file, '{}');
      utimesSync(file, index, index);
    }
    pruneSessions(folder);
    const left = readdirSync(folder);
    assert.equal(left.length, 200);
    assert.ok(!left.includes('2.json') && left.includes('3.json'));
    pruneSessions(path.join(folder, 'missing'));
  });
});
