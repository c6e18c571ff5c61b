/** Codex, driven by its app server. */
import { codexProgram, codexVersion } from '../../support/codex-program.ts';
import type { AgentDriver } from '../driver.ts';
import { responsesQuota, startResponses } from '../responses.ts';
import { scriptedWords } from '../scripted-words.ts';

export const codexDriver: AgentDriver = {
  name: 'Codex',
  provider: 'codex',
  install: async () => ({ command: [await codexProgram()], version: codexVersion }),
  startModel: startResponses,
  setUp: ({ modelUrl }) => ({
    environment: { OPENAI_BASE_URL: `${modelUrl}/v1` },
    secrets: { OPENAI_API_KEY: 'not-a-key' },
  }),
  words: scriptedWords,
  overloaded: 503,
  quota: responsesQuota,
  cannot: {},
};
