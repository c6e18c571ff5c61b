/** The demo agent, which has no model and obeys words of its own. */
import assert from 'node:assert/strict';
import { behindTurn } from '../behind-turn.ts';
import { hasSent } from '../cases.ts';
import type { AgentDriver, Limit } from '../driver.ts';

const noModel: Limit = {
  reason: 'it has no model and no key, so there is no service that could refuse it',
  async prove(talk) {
    const { reason, failure } = await talk.turn('error');
    assert.deepEqual([reason, failure?.type], ['failed', 'unknown'], talk.seen());
    assert.equal((await talk.agent()).capabilities?.typedErrors, false);
  },
};

export const demoDriver: AgentDriver = {
  name: 'demo agent',
  provider: 'demo',
  install: async () => ({ command: [], version: 'of this build' }),
  startModel: null,
  // With pauses, or nobody could stop it.
  setUp: () => ({ environment: { AGOR_DEMO_SPEED: '4' } }),
  words: {
    text: (said) => said,
    answer: () => /Hello! I am the \*\*demo agent\*\*/,
    long: 'slow',
    make: 'edit',
    made: 'agor-demo.md',
    send: (text) => `tell person ${text}`,
    error: () => 'error',
    memory: /We have talked before/,
  },
  overloaded: 503,
  quota: { status: 429, body: {} },
  cannot: {
    'a prompt goes into the turn that runs': behindTurn,
    'a key that is wrong is told as that': noModel,
    'a key that is revoked in mid-turn is told as that': noModel,
    'a rate limit is told as that': noModel,
    'a service that has too much to do is told as that': noModel,
    'a network that is gone is told as that': noModel,
    'a quota that is used up is told as that': noModel,
    'a message by our tools is in the store, from who sent it': {
      reason: 'it is no client of MCP: what it sends goes by the door of its sidecar, as btmsg does',
      async prove(talk) {
        await talk.turn(talk.driver.words.send('the door is done'));
        await hasSent(talk, 'the door is done');
        assert.equal(JSON.stringify(talk.items('tool')).includes('mcp__'), false);
      },
    },
  },
};
