import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeModes } from '../../../server/doctor/judge-modes.ts';
import { fileFact } from '../../support/file-facts.ts';

const uid = 1000;

test('what is ours and closed to others is fine, programs that others can read included', () => {
  const found = judgeModes(
    [fileFact('', { kind: 'folder', mode: 0o700 }), fileFact('run/token'), fileFact('runtime/1.0/cli', { mode: 0o755 })],
    uid,
  );
  assert.deepEqual(
    found.map(({ id, level }) => [id, level]),
    [['files.modes', 'ok']],
  );
});

test('what others can read is a warning, what they can change a problem; both are closed to them and nothing else changes', () => {
  const [read] = judgeModes([fileFact('btmsg.db', { mode: 0o644 })], uid);
  assert.equal(read?.level, 'warning');
  assert.deepEqual(read?.fixes, [{ do: 'setMode', path: '/data/btmsg.db', mode: 0o600 }]);
  const [write] = judgeModes([fileFact('logs', { kind: 'folder', mode: 0o777 }), fileFact('bin/agor', { mode: 0o775 })], uid);
  assert.equal(write?.level, 'problem');
  assert.deepEqual(
    write?.fixes.map((fix) => ('mode' in fix ? fix.mode : undefined)),
    [0o700, 0o755],
  );
});

test('a database that its owner may not write is a problem, a backup like that is none', () => {
  const [shut, ...others] = judgeModes([fileFact('sessions.db', { mode: 0o400 }), fileFact('backups/sessions.db.x', { mode: 0o400 })], uid);
  assert.deepEqual(shut?.fixes, [{ do: 'setMode', path: '/data/sessions.db', mode: 0o600 }]);
  assert.deepEqual(others, []);
});

test('what belongs to another user is named with the command that gives it back, and nothing is done about it', () => {
  const [foreign] = judgeModes([fileFact("it's", { uid: 0 })], uid);
  assert.equal(foreign?.level, 'problem');
  assert.deepEqual(foreign?.fixes, []);
  assert.deepEqual(foreign?.todo.at(-1), { run: `sudo chown -hR "$(id -un)" '/data/it'\\''s'` });
});

test('a link is left alone, whatever it leads to', () => {
  assert.deepEqual(
    judgeModes([fileFact('logs', { kind: 'link', mode: 0o777 })], uid).map(({ level }) => level),
    ['ok'],
  );
});
