/** Gemini CLI by ACP, with a key. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gemini, geminiVersion } from '../../support/acp-programs.ts';
import { startGeminiApi } from '../../support/gemini-api.ts';
import { until } from '../../support/live-backend.ts';
import { behindTurn } from '../behind-turn.ts';
import { hasSent } from '../cases.ts';
import type { AgentDriver } from '../driver.ts';
import { scriptedWords } from '../scripted-words.ts';
import type { Talk } from '../talk.ts';

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
  beforeKill: nextMinute,
  remarks: [
    'killed in the minute in which its session began, it loses that session: it names the file by the minute and begins it anew',
    'it tries again ten times, for minutes, without a word, unless its settings say otherwise (here: once)',
  ],
  tellsRefusals: true,
  cannot: {
    'a prompt goes into the turn that runs': behindTurn,
    'a message by our tools is in the store, from who sent it': {
      reason: 'it starts no server of tools in a folder that it does not trust, and one that it trusts it obeys; the command btmsg works',
      prove: sendsByCommand,
    },
  },
};

async function sendsByCommand(talk: Talk): Promise<void> {
  await talk.turn(talk.driver.words.send('by a tool'));
  assert.doesNotMatch(talk.requests(), /mcp_agor/, 'it is offered our tools after all');
  await talk.say('bash btmsg send person "the door is done"');
  await talk.answer(await talk.question(), 'allowOnce');
  assert.equal((await talk.end()).reason, 'completed', talk.seen());
  await hasSent(talk, 'the door is done');
}

async function nextMinute(): Promise<void> {
  const minute = new Date().getMinutes();
  await until(() => new Date().getMinutes() !== minute, 70_000);
}
