import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineStream } from '../../../../../server/sidecar/adapters/acp/line-stream.ts';

function receive(stream: LineStream, line: string): void {
  stream.receive(line, { offset: 0, bytes: line.length });
}

function heard(lines: readonly string[], after: 'open' | 'ended' = 'ended') {
  const updates: unknown[] = [];
  const strange: string[] = [];
  const written: string[] = [];
  const stream = new LineStream({
    writeLine: async (line) => void written.push(line),
    onUpdate: (params) => updates.push(params),
    onStrangeLine: (line) => strange.push(line),
  });
  for (const line of lines) receive(stream, line);
  if (after === 'ended') stream.end();
  return { stream, updates, strange, written };
}

describe('the lines of an ACP program', () => {
  it('are calls and updates, or strange, and blank ones are nothing', async () => {
    const strangeLines = [
      'Welcome!',
      '{"level":"info"}',
      '[1]',
      'null',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"1.0","method":"x"}',
      '{"jsonrpc":"2.0","method":7}',
      '{"jsonrpc":"2.0","method":"x","id":{}}',
      '{"jsonrpc":"2.0","id":1,"result":"nobody asked"}',
    ];
    const good = ['', '{"jsonrpc":"2.0","method":"session/update","params":7}', '{"jsonrpc":"2.0","id":1,"method":"y"}', ' \r'];
    const { stream, updates, strange } = heard([...strangeLines, ...good]);
    assert.deepEqual(updates, [7]);
    assert.deepEqual(strange, strangeLines);
    assert.deepEqual(await all(stream.stream.readable), [{ jsonrpc: '2.0', id: 1, method: 'y' }]);
  });

  it('are answers once for each call of ours', async () => {
    const { stream, strange } = heard([], 'open');
    await stream.stream.writable.getWriter().write({ jsonrpc: '2.0', id: 7, method: 'x' });
    for (const id of [7, 7, '7']) receive(stream, `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":1}`);
    stream.end();
    assert.deepEqual(await all(stream.stream.readable), [{ jsonrpc: '2.0', id: 7, result: 1 }]);
    assert.equal(strange.length, 2);
  });

  it('are written one message each', async () => {
    const { stream, written } = heard([]);
    await stream.stream.writable.getWriter().write({ jsonrpc: '2.0', method: 'x', params: { text: 'a\nb' } });
    assert.deepEqual(written, ['{"jsonrpc":"2.0","method":"x","params":{"text":"a\\nb"}}']);
  });

  it('may still come after the stream was given up', async () => {
    const { stream } = heard([]);
    receive(stream, '{"jsonrpc":"2.0","id":1,"method":"y"}');
    stream.end();
    assert.deepEqual(await all(stream.stream.readable), []);
  });
});

async function all(messages: ReadableStream<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const message of messages) seen.push(message);
  return seen;
}
