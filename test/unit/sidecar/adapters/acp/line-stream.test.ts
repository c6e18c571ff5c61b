import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineStream } from '../../../../../server/sidecar/adapters/acp/line-stream.ts';

function heard(lines: readonly string[]) {
  const updates: unknown[] = [];
  const strange: string[] = [];
  const written: string[] = [];
  const stream = new LineStream({
    writeLine: async (line) => void written.push(line),
    onUpdate: (params) => updates.push(params),
    onStrangeLine: (line) => strange.push(line),
  });
  for (const line of lines) stream.receive(line);
  stream.end();
  return { stream, updates, strange, written };
}

describe('the lines of an ACP program', () => {
  it('are messages, updates or strange, and blank ones are nothing', async () => {
    const lines = [
      '',
      'Welcome!',
      '{"level":"info"}',
      '[1]',
      'null',
      '{"jsonrpc":"2.0","method":"session/update","params":7}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
    ];
    const { stream, updates, strange } = heard(lines);
    assert.deepEqual(updates, [7]);
    assert.deepEqual(strange, ['Welcome!', '{"level":"info"}', '[1]', 'null']);
    const messages = await all(stream.stream.readable);
    assert.deepEqual(messages, [{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  it('are written one message each', async () => {
    const { stream, written } = heard([]);
    await stream.stream.writable.getWriter().write({ jsonrpc: '2.0', method: 'x', params: { text: 'a\nb' } });
    assert.deepEqual(written, ['{"jsonrpc":"2.0","method":"x","params":{"text":"a\\nb"}}']);
  });

  it('may still come after the stream was given up', async () => {
    const { stream } = heard([]);
    stream.receive('{"jsonrpc":"2.0","id":1,"result":{}}');
    stream.end();
    assert.deepEqual(await all(stream.stream.readable), []);
  });
});

async function all(messages: ReadableStream<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const message of messages) seen.push(message);
  return seen;
}
