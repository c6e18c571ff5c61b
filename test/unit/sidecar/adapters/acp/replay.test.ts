import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mcpServers } from '../../../../../server/sidecar/adapters/acp/mcp-servers.ts';
import { Replay } from '../../../../../server/sidecar/adapters/acp/replay.ts';

const said = (text: string, { sessionId = 's1', kind = 'user_message_chunk' } = {}) => ({
  sessionId,
  update: { sessionUpdate: kind, content: { type: 'text', text } },
});

function replayOf(...updates: unknown[]): Replay {
  const replay = new Replay();
  replay.begin('s1');
  for (const update of updates) replay.heard(update);
  return replay;
}

test('what the person said is remembered when the program says it again, in however many parts', () => {
  const replay = replayOf(said('message 4f21'), said('c0aa, and more'));
  assert.equal(replay.remembers('4f21c0aa'), true);
  assert.equal(replay.remembers('4f21c0bb'), false);
});

test('what the agent said, another session, and what fits no schema count for nothing', () => {
  const replay = replayOf(said('x', { kind: 'agent_message_chunk' }), said('x', { sessionId: 's2' }), null, 7, { update: {} }, said('y'));
  assert.equal(replay.remembers('x'), false);
});

test('a program that says nothing again may know all the same', () => {
  assert.equal(replayOf().remembers('x'), null);
  const fresh = new Replay();
  fresh.begin(null);
  fresh.heard(said('x'));
  assert.equal(fresh.remembers('x'), null);
});

test('after a prompt, what was not said again may have been given since', () => {
  const replay = replayOf(said('before'));
  replay.prompted();
  assert.equal(replay.remembers('before'), true);
  assert.equal(replay.remembers('after'), null);
});

test('the next session begins with nothing', () => {
  const replay = replayOf(said('before'));
  replay.begin('s2');
  assert.equal(replay.remembers('before'), null);
});

test('a program is told of our tools with what they need of its environment, and of none where there are none', () => {
  const tools = { command: '/node', args: ['/mcp.js'], env: { ELECTRON_RUN_AS_NODE: '1' }, passed: ['AGOR_RUN_TOKEN', 'MISSING'] };
  assert.deepEqual(mcpServers({ tools, environment: { AGOR_RUN_TOKEN: 't', KEY: 'secret' } }), [
    {
      name: 'agor',
      command: '/node',
      args: ['/mcp.js'],
      env: [
        { name: 'ELECTRON_RUN_AS_NODE', value: '1' },
        { name: 'AGOR_RUN_TOKEN', value: 't' },
      ],
    },
  ]);
  assert.deepEqual(mcpServers({ tools: null, environment: {} }), []);
});
