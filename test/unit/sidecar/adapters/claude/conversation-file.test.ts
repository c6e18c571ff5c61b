import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { conversationHolds } from '../../../../../server/sidecar/adapters/claude/conversation-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agor-conversation-'));
  mkdirSync(join(folder, 'projects', '-project'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'projects', '-project', 's1.jsonl');

test('a text is found as it was written, with whatever JSON makes of it', async () => {
  writeFileSync(file(), `${JSON.stringify({ content: 'message "4f21c0aa"\nin two lines' })}\n`);
  assert.equal(await conversationHolds(folder, 's1', 'message "4f21c0aa"\nin'), true);
  assert.equal(await conversationHolds(folder, 's1', '4f21c0bb'), false);
});

test('of a session of which nothing is on disk, nothing is remembered', async () => {
  assert.equal(await conversationHolds(folder, 's2', 'x'), false);
  assert.equal(await conversationHolds(join(folder, 'none'), 's2', 'x'), false);
});

test('of a very long one only the end is looked at, and what is not there may be before it', async () => {
  writeFileSync(file(), `first${'x'.repeat(33 * 1024 * 1024)}last`);
  assert.equal(await conversationHolds(folder, 's1', 'last'), true);
  assert.equal(await conversationHolds(folder, 's1', 'first'), null);
});

test('a link that the agent put in its place is not followed', async () => {
  writeFileSync(join(folder, 'secret'), 'canary');
  symlinkSync(join(folder, 'secret'), file());
  assert.equal(await conversationHolds(folder, 's1', 'canary'), false);
});
