/** Claude Code, driven in its own protocol. */
import { claudeProgram, claudeVersion } from '../../support/claude-program.ts';
import { anthropicQuota, startAnthropic } from '../anthropic.ts';
import type { AgentDriver } from '../driver.ts';
import { scriptedWords } from '../scripted-words.ts';

export const claudeCodeDriver: AgentDriver = {
  name: 'Claude Code',
  provider: 'claude',
  install: async () => ({ command: [await claudeProgram()], version: claudeVersion }),
  startModel: startAnthropic,
  setUp: ({ modelUrl }) => ({
    environment: { ANTHROPIC_BASE_URL: modelUrl, CLAUDE_CODE_MAX_RETRIES: '1' },
    secrets: { ANTHROPIC_API_KEY: 'not-a-key' },
  }),
  words: scriptedWords,
  overloaded: 529,
  quota: anthropicQuota,
  tellsRefusals: true,
  cannot: {},
};
