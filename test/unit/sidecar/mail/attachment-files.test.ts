import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { attachmentPath } from '../../../../server/base/mail-files.ts';
import { newId } from '../../../../server/base/uuid.ts';
import type { AttachmentId, MessageId } from '../../../../server/protocol/ids.ts';
import type { CarriedMessage } from '../../../../server/protocol/message.ts';
import { AttachmentFiles } from '../../../../server/sidecar/mail/attachment-files.ts';

let root: string;
let agentDir: string;
let logged: string[];
let files: AttachmentFiles;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-files-'));
  agentDir = join(root, 'agent');
  mkdirSync(agentDir);
  logged = [];
  files = new AttachmentFiles({ agentDir, fetch: async () => Buffer.from('figures'), log: (message) => void logged.push(message) });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function message(name = 'report.csv'): CarriedMessage {
  const attachment = { id: newId<AttachmentId>(), name, bytes: 7, sha256: '' };
  return { id: newId<MessageId>(), mark: '', from: 'lead', expectsReply: false, isUncertain: false, attachments: [attachment] };
}

describe('the files of a message', () => {
  it('are put where its text says, for the agent alone', async () => {
    const carried = message();
    assert.equal(files.has(carried), false);
    await files.put([carried]);
    const path = attachmentPath(agentDir, carried.id, 'report.csv');
    assert.equal(readFileSync(path, 'utf8'), 'figures');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(files.has(carried), true);
  });

  it('are put there once', async () => {
    const carried = message();
    await files.put([carried]);
    await files.put([carried]);
    assert.deepEqual(logged, []);
  });

  it('never follow a link that the agent has put in the way', { skip: process.platform === 'win32' }, async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(agentDir, 'mail'));
    await files.put([message()]);
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(logged.length, 1);
  });

  it('never follow a link in the place of the message’s own folder', { skip: process.platform === 'win32' }, async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    mkdirSync(join(agentDir, 'mail'));
    const carried = message();
    symlinkSync(outside, join(agentDir, 'mail', carried.id));
    await files.put([carried]);
    assert.equal(existsSync(join(outside, 'report.csv')), false);
  });

  it('that cannot be fetched are told, and the rest is put down', async () => {
    let asked = 0;
    const flaky = new AttachmentFiles({
      agentDir,
      fetch: async () => {
        asked += 1;
        if (asked === 1) throw new Error('gone');
        return Buffer.from('figures');
      },
      log: (text) => void logged.push(text),
    });
    const [first, second] = [message(), message()];
    await flaky.put([first, second]);
    assert.deepEqual([flaky.has(first), flaky.has(second), logged.length], [false, true, 1]);
  });
});
