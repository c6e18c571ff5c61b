import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { promptText } from '../../../server/cli/prompt-text.ts';
import { limits } from '../../../server/protocol/errors.ts';

const terminal = Object.assign(Readable.from([]), { isTTY: true });

describe('the text of a prompt', () => {
  it('is the words of the command line', async () => assert.equal(await promptText(['say', 'hello'], terminal), 'say hello'));
  it('comes from stdin for "-"', async () => assert.equal(await promptText(['-'], Readable.from(['from ', 'stdin'])), 'from stdin'));
  it('comes from stdin when something is piped in', async () => assert.equal(await promptText([], Readable.from(['é'])), 'é'));
  it('is needed at a terminal', async () => assert.rejects(promptText([], terminal), /empty/));
  it('is not blank', async () => assert.rejects(promptText(['  '], terminal), /empty/));

  it('is refused over its limit without reading on', async () => {
    const endless = Readable.from(endlessly());
    await assert.rejects(promptText(['-'], endless), { code: 'tooLarge' });
  });
});

function* endlessly(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(limits.promptBytes / 4, 'x');
}
