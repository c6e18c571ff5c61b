/** Codex, driven by its app server. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { codexProgram, codexVersion } from '../../support/codex-program.ts';
import type { AgentDriver } from '../driver.ts';
import { responsesQuota, startResponses } from '../responses.ts';
import { scriptedWords } from '../scripted-words.ts';

/** A server of tools of the person's, in the project, which the agent's fence lets it read. */
const formServer = join(import.meta.dirname, '../../fixtures/programs/asks-form.mjs');
const withFormServer = [
  ...['-c', `mcp_servers.forms.command=${JSON.stringify(process.execPath)}`],
  ...['-c', 'mcp_servers.forms.args=["asks-form.mjs"]', '-c', 'mcp_servers.forms.default_tools_approval_mode="approve"'],
];

export const codexDriver: AgentDriver = {
  name: 'Codex',
  provider: 'codex',
  install: async () => ({ command: [await codexProgram(), ...withFormServer], version: codexVersion }),
  startModel: startResponses,
  setUp: ({ modelUrl, projectDir }) => {
    copyFileSync(formServer, join(projectDir, 'asks-form.mjs'));
    return { environment: { OPENAI_BASE_URL: `${modelUrl}/v1` }, secrets: { OPENAI_API_KEY: 'not-a-key' } };
  },
  words: { ...scriptedWords, form: (schema) => `tool mcp__forms__ask ${JSON.stringify({ schema })}` },
  overloaded: 503,
  quota: responsesQuota,
  tellsRefusals: true,
  cannot: {},
};
