/** Every agent program that the suite talks to, and those that it cannot fetch. */
import type { AgentDriver } from './driver.ts';
import { claudeAgentAcpDriver } from './drivers/claude-agent-acp.ts';
import { claudeCodeDriver } from './drivers/claude-code.ts';
import { codexDriver } from './drivers/codex.ts';
import { codexAcpDriver } from './drivers/codex-acp.ts';
import { demoDriver } from './drivers/demo.ts';
import { geminiDriver } from './drivers/gemini.ts';
import { openCodeDriver } from './drivers/opencode.ts';

export const agentDrivers: readonly AgentDriver[] = [
  claudeCodeDriver,
  codexDriver,
  claudeAgentAcpDriver,
  codexAcpDriver,
  openCodeDriver,
  geminiDriver,
  demoDriver,
];

export const notTried: readonly { readonly name: string; readonly reason: string }[] = [
  { name: 'Goose', reason: 'it is no npm package, and nothing else is fetched here' },
];
