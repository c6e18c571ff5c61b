/**
 * Where Codex and programs that speak ACP keep what is theirs. Each gets a home of its own in the agent's folder: in the person's lie
 * conversations of other projects, and commands that the person's own program runs.
 */
import { basename } from 'node:path';
import type { Provider } from '../protocol/agent.ts';
import { kindOf } from '../protocol/agent-kinds.ts';

/** Below the person's home folder, and below the agent's own folder. */
export type HomePlace = { readonly owner: string; readonly own: string };

export type KnownProgram = {
  /** In the name of a word of the command; one of the catalogue is known by its folder too. */
  readonly word: string;
  /** Variables that name its home, and where in the agent's folder that is. */
  readonly homes: Readonly<Record<string, string>>;
  /** One file for both: the program renews it in its place, and a copy would log the person out. */
  readonly logins: readonly HomePlace[];
  /** Copied at each start. */
  readonly settings: readonly HomePlace[];
};

export const codexHome: KnownProgram = {
  word: 'codex',
  homes: { CODEX_HOME: 'codex' },
  logins: places('.codex', 'codex', ['auth.json']),
  settings: places('.codex', 'codex', ['config.toml', 'AGENTS.md', 'prompts']),
};

/**
 * In a Codex agent's own home, laid down anew before each start: what the program obeys. An agent that could change it
 * would answer its own questions.
 */
export const codexGuarded = {
  files: ['config.toml', 'AGENTS.md'],
  folders: ['prompts', 'rules'],
  gone: ['hooks.json', 'AGENTS.override.md'],
};

const knownPrograms: readonly KnownProgram[] = [
  codexHome,
  // Its login is renewed by renaming, so that no one file could be shared: inside a fence it needs a key.
  { word: 'claude-agent-acp', homes: { CLAUDE_CONFIG_DIR: 'claude-acp' }, logins: [], settings: [] },
  {
    word: 'gemini',
    homes: { GEMINI_CLI_HOME: 'gemini' },
    logins: places('.gemini', 'gemini/.gemini', ['oauth_creds.json']),
    settings: places('.gemini', 'gemini/.gemini', ['settings.json', 'google_accounts.json', 'GEMINI.md', 'commands']),
  },
  {
    word: 'opencode',
    homes: { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config' },
    logins: places('.local/share/opencode', 'data/opencode', ['auth.json']),
    settings: [
      ...places('.config/opencode', 'config/opencode', ['opencode.json', 'opencode.jsonc', 'AGENTS.md', 'agent', 'command']),
      // Git looks there too.
      ...places('.config/git', 'config/git', ['config', 'ignore', 'attributes']),
    ],
  },
];

/** Of an agent whose program has a home that we know. */
export function programOf(provider: Provider, command: readonly string[]): KnownProgram | null {
  if (provider === 'codex') return codexHome;
  return provider === 'acp' ? knownProgram(command) : null;
}

/** Null for a program that nobody has looked at: what it may use of the person's, the person says. */
export function knownProgram(command: readonly string[]): KnownProgram | null {
  const kind = kindOf('acp', command);
  const words = [...(kind === 'command' ? [] : [kind]), ...command.map((part) => basename(part))];
  return knownPrograms.find(({ word }) => words.some((part) => part.includes(word))) ?? null;
}

function places(owner: string, own: string, names: readonly string[]): HomePlace[] {
  return names.map((name) => ({ owner: `${owner}/${name}`, own: `${own}/${name}` }));
}
