/** Claude Code by ACP, through the adapter of the protocol's own people. */
import { claudeAgentAcp, claudeAgentAcpVersion } from '../../support/acp-programs.ts';
import { anthropicQuota, startAnthropic } from '../anthropic.ts';
import { behindTurn } from '../behind-turn.ts';
import type { AgentDriver } from '../driver.ts';
import { scriptedWords } from '../scripted-words.ts';

export const claudeAgentAcpDriver: AgentDriver = {
  name: 'claude-agent-acp',
  provider: 'acp',
  install: async () => ({ command: await claudeAgentAcp(), version: claudeAgentAcpVersion }),
  startModel: startAnthropic,
  setUp: ({ modelUrl }) => ({
    environment: {
      ANTHROPIC_BASE_URL: modelUrl,
      CLAUDE_CODE_MAX_RETRIES: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
    secrets: { ANTHROPIC_API_KEY: 'not-a-key' },
  }),
  words: {
    ...scriptedWords,
    // It shows its model the tools of a server only when they are looked for.
    send: (text) => `tool ToolSearch {"query":"select:mcp__agor__send_message"}\n${scriptedWords.send(text)}`,
  },
  overloaded: 529,
  quota: anthropicQuota,
  cannot: { 'a prompt goes into the turn that runs': behindTurn },
};
