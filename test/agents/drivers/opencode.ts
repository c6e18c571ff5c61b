/** OpenCode by ACP, with a model of any service that speaks Chat Completions. */
import { openCode, openCodeVersion } from '../../support/acp-programs.ts';
import { startChatCompletionsApi } from '../../support/chat-completions-api.ts';
import { behindTurn } from '../behind-turn.ts';
import type { AgentDriver } from '../driver.ts';
import { scriptedWords } from '../scripted-words.ts';

export const openCodeDriver: AgentDriver = {
  name: 'OpenCode',
  provider: 'acp',
  install: async () => ({ command: await openCode(), version: openCodeVersion }),
  startModel: startChatCompletionsApi,
  setUp: ({ modelUrl }) => ({
    environment: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config(`${modelUrl}/v1`)) },
    secrets: { STAND_IN_KEY: 'not-a-key' },
  }),
  words: scriptedWords,
  overloaded: 503,
  quota: {
    status: 429,
    body: {
      error: { message: 'You exceeded your current quota, please check your plan and billing details.', code: 'insufficient_quota' },
    },
  },
  remarks: ['a network that is gone is told after more than a minute: it tries again by itself, without a word'],
  cannot: { 'a prompt goes into the turn that runs': behindTurn },
};

function config(baseURL: string): object {
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Stand-in',
    options: { baseURL, apiKey: '{env:STAND_IN_KEY}' },
    models: { 'stand-in': { name: 'Stand-in', limit: { context: 100_000, output: 4_096 }, tool_call: true } },
  };
  return {
    ...{ model: 'stand-in/stand-in', small_model: 'stand-in/stand-in', autoupdate: false, share: 'disabled' },
    provider: { 'stand-in': provider },
    permission: { bash: 'ask' },
  };
}
