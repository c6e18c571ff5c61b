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
  /** Whether the person's home folder may be out of reach. */
  readonly isFenced: boolean;
};

/** It calls nobody but the model: no telemetry, no update of itself under a running agent. */
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  CLAUDE_CODE_ENTRYPOINT: 'sdk-ts',
  // How long it takes a key that its helper gave for good: a rotated one is taken up within this time, also when the old one still works.
  CLAUDE_CODE_API_KEY_HELPER_TTL_MS: '60000',
};

/** Later ones win, so that what a person gave with the agent overrides what we would choose. */
export function claudeEnvironment(parts: ClaudeEnvironmentParts): Record<string, string> {
  const { base, credentials, environment, secrets, agentDir } = parts;
  if (!hasOwnConfig(parts)) return { ...base, ...quiet, ...environment, ...secrets };
  const own = { CLAUDE_CONFIG_DIR: configDirOf(agentDir) };
  // The folder that the person named is where their login is, and it is lent from there.
  if (credentials === 'login') return { ...base, ...quiet, ...environment, ...secrets, ...own };
  return { ...base, ...quiet, ...own, ...environment, ...secrets };
}

/** What the person's own Claude Code is run with, for the person. */
export function ownerEnvironment({ base, environment }: Pick<ClaudeEnvironmentParts, 'base' | 'environment'>): Record<string, string> {
  return { ...base, ...quiet, ...environment };
}

/**
 * With a config folder of its own the agent neither changes nor sees what the person's Claude Code obeys and remembers.
 * Without a fence, and with the person's login, it is the person's Claude Code as it is in a terminal.
 */
export function hasOwnConfig({ credentials, isFenced }: Pick<ClaudeEnvironmentParts, 'credentials' | 'isFenced'>): boolean {
  return credentials !== 'login' || isFenced;
}

export function configDirOf(agentDir: string): string {
  return path.join(agentDir, 'claude');
}

/** The person's own config folder and state file. */
export function ownerPlaces({ HOME = '', CLAUDE_CONFIG_DIR }: Readonly<Record<string, string>>): {
  readonly ownerDir: string;
  readonly ownerState: string;
} {
  const ownerDir = CLAUDE_CONFIG_DIR ?? path.join(HOME, '.claude');
  return { ownerDir, ownerState: path.join(CLAUDE_CONFIG_DIR ?? HOME, '.claude.json') };
}
