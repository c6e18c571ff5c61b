/** Codex by ACP, through the adapter of the protocol's own people. */

import assert from 'node:assert/strict';
import { codexAcp, codexAcpVersion } from '../../support/acp-programs.ts';
import { behindTurn } from '../behind-turn.ts';
import type { AgentDriver } from '../driver.ts';
import { responsesQuota, startResponses } from '../responses.ts';
import { scriptedWords } from '../scripted-words.ts';
import type { Talk } from '../talk.ts';

const endsInOrder = 'it ends such a turn as if nothing were wrong, with the error as a text of its model';

export const codexAcpDriver: AgentDriver = {
  name: 'codex-acp',
  provider: 'acp',
  install: async () => ({ command: await codexAcp(), version: codexAcpVersion }),
  startModel: startResponses,
  setUp: ({ modelUrl }) => ({
    environment: {
      NO_BROWSER: '1',
      INITIAL_AGENT_MODE: 'read-only',
      MODEL_PROVIDER: 'stand-in',
      CODEX_CONFIG: JSON.stringify(config(`${modelUrl}/v1`)),
    },
    secrets: { OPENAI_API_KEY: 'not-a-key' },
  }),
  words: {
    ...scriptedWords,
    // In its mode for asking, Codex asks about what has to leave its own sandbox.
    make: `tool exec_command ${JSON.stringify({ cmd: 'touch made.txt', sandbox_permissions: 'require_escalated', justification: 'to make it' })}`,
  },
  overloaded: 503,
  quota: responsesQuota,
  remarks: ['when its own tries are over, the turn ends in order, with the error as a text of its model; the tries themselves are told'],
  cannot: {
    'a prompt goes into the turn that runs': behindTurn,
    'a rate limit is told as that': { reason: endsInOrder, prove: (talk) => endsWithErrorAsText(talk, 429) },
  },
};

function config(base_url: string): object {
  const provider = { name: 'Stand-in', base_url, wire_api: 'responses', env_key: 'OPENAI_API_KEY', supports_websockets: false };
  return { model_provider: 'stand-in', model_providers: { 'stand-in': { ...provider, request_max_retries: 1, stream_max_retries: 1 } } };
}

async function endsWithErrorAsText(talk: Talk, status: number): Promise<void> {
  const { reason, failure } = await talk.turn(talk.driver.words.error(status));
  assert.deepEqual([reason, failure], ['completed', null], talk.seen());
  assert.match(talk.text(), new RegExp(`\\b${status}\\b`));
}
