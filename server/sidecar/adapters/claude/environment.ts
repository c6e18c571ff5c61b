/** The environment of a Claude Code program: what the sidecar's root gives every agent, and what this one needs. */
import path from 'node:path';
import type { CredentialSource } from '../../../protocol/agent.ts';

type ClaudeEnvironmentParts = {
  /** The fixed list of every agent (PATH, HOME, LANG and the like). */
  readonly base: Readonly<Record<string, string>>;
  readonly credentials: CredentialSource;
  /** What is no secret and was given with the agent: an endpoint, a proxy. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly agentDir: string;
};

/** It calls nobody but the model: no telemetry, no update of itself under a running agent. */
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  CLAUDE_CODE_ENTRYPOINT: 'sdk-ts',
};

/** Later ones win, so that what a person gave with the agent overrides what we would choose. */
export function claudeEnvironment(parts: ClaudeEnvironmentParts): Record<string, string> {
  // With a key of its own the agent gets a config folder of its own: it neither uses nor changes the person's login.
  const own = parts.credentials === 'environment' ? { CLAUDE_CONFIG_DIR: path.join(parts.agentDir, 'claude') } : {};
  return { ...parts.base, ...quiet, ...own, ...parts.environment, ...parts.secrets };
}
