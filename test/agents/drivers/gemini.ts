/** Gemini CLI by ACP, with a key. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gemini, geminiVersion } from '../../support/acp-programs.ts';
import { startGeminiApi } from '../../support/gemini-api.ts';
import type { AgentDriver } from '../driver.ts';
import { scriptedWords } from '../scripted-words.ts';

export const geminiDriver: AgentDriver = {
  name: 'Gemini CLI',
  provider: 'acp',
  install: async () => ({ command: await gemini(), version: geminiVersion }),
  startModel: startGeminiApi,
  setUp: ({ modelUrl, projectDir }) => {
    const settings = join(projectDir, 'gemini-settings.json');
    // It tries ten times, for several minutes.
    writeFileSync(settings, JSON.stringify({ general: { maxAttempts: 1, retryFetchErrors: false } }));
    return {
      environment: {
        GOOGLE_GEMINI_BASE_URL: modelUrl,
        GEMINI_CLI_SYSTEM_SETTINGS_PATH: settings,
        // By name, or it asks its model first which one fits.
        GEMINI_MODEL: 'gemini-2.5-pro',
      },
      secrets: { GEMINI_API_KEY: 'not-a-key' },
    };
  },
  words: scriptedWords,
  overloaded: 503,
  quota: {
    status: 429,
    body: {
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota, please check your plan and billing details.',
        details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'GenerateRequestsPerDay' }] }],
      },
    },
  },
  cannot: {},
};
