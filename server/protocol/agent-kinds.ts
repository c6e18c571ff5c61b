/**
 * The agents that we know, each with what starts it and what it cannot tell us. It holds what was measured with the version
 * in `triedWith`, and calls the rest "notTried". Imports nothing, so that every side can read it.
 */
export const agentKinds = ['claude', 'codex', 'opencode', 'gemini', 'goose', 'claude-agent-acp', 'codex-acp', 'demo', 'command'] as const;
export type AgentKind = (typeof agentKinds)[number];

/** What a person may miss: each is told, understood or can be done by the one agent and not by the other. */
export const agentTraits = ['tokens', 'cost', 'asks', 'interrupt', 'resume', 'errors', 'retries'] as const;
export type AgentTrait = (typeof agentTraits)[number];
export type Known = 'yes' | 'no' | 'notTried';

export type KindFacts = {
  readonly name: string;
  readonly provider: 'claude' | 'codex' | 'acp' | 'demo';
  /** Its program, to be looked for; null where it is ours, or the person's to name. */
  readonly program: string | null;
  /** After the program, where the provider needs to be told. */
  readonly args: readonly string[];
  /** Folders of a person, beyond the PATH, that its installers use; "~" is the home folder. */
  readonly places: readonly string[];
  /** One line for a terminal. */
  readonly install: string | null;
  /** How one logs in: a command, or where that is done. */
  readonly login: string | null;
  /** Variables that it takes a key from. */
  readonly keys: readonly string[];
  readonly traits: Readonly<Record<AgentTrait, Known>>;
  readonly triedWith: string | null;
};

const npmPlaces = ['~/.local/bin', '~/.npm-global/bin', '~/.volta/bin', '~/.bun/bin'];
const allYes = { tokens: 'yes', cost: 'yes', asks: 'yes', interrupt: 'yes', resume: 'yes', errors: 'yes', retries: 'yes' } as const;
const untried = {
  tokens: 'notTried',
  cost: 'notTried',
  asks: 'notTried',
  interrupt: 'notTried',
  resume: 'notTried',
  errors: 'notTried',
  // The protocol has no word for a retry.
  retries: 'no',
} as const;

export const kindFacts: Readonly<Record<AgentKind, KindFacts>> = {
  claude: {
    name: 'Claude Code',
    provider: 'claude',
    program: 'claude',
    args: [],
    places: ['~/.claude/local', ...npmPlaces],
    install: 'npm install -g @anthropic-ai/claude-code',
    login: 'claude /login',
    keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    traits: allYes,
    triedWith: '2.1.329',
  },
  codex: {
    name: 'Codex',
    provider: 'codex',
    program: 'codex',
    args: [],
    places: npmPlaces,
    install: 'npm install -g @openai/codex',
    login: 'codex login',
    keys: ['OPENAI_API_KEY'],
    traits: { ...allYes, cost: 'no' },
    triedWith: '0.169.0',
  },
  opencode: {
    name: 'OpenCode',
    provider: 'acp',
    program: 'opencode',
    args: ['acp'],
    places: ['~/.opencode/bin', ...npmPlaces],
    install: 'npm install -g opencode-ai',
    login: 'opencode auth login',
    keys: ['OPENCODE_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY'],
    traits: { ...allYes, retries: 'no' },
    triedWith: '1.18.33',
  },
  gemini: {
    name: 'Gemini CLI',
    provider: 'acp',
    program: 'gemini',
    args: ['--acp'],
    places: npmPlaces,
    install: 'npm install -g @google/gemini-cli',
    login: 'gemini',
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    traits: { ...allYes, cost: 'no', retries: 'no' },
    triedWith: '0.61.0',
  },
  goose: {
    name: 'Goose',
    provider: 'acp',
    program: 'goose',
    args: ['acp'],
    places: npmPlaces,
    install: null,
    login: 'goose configure',
    keys: [],
    traits: untried,
    triedWith: null,
  },
  'claude-agent-acp': {
    name: 'Claude Code by ACP',
    provider: 'acp',
    program: 'claude-agent-acp',
    args: [],
    places: npmPlaces,
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    login: 'claude /login',
    keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    traits: { ...allYes, retries: 'no' },
    triedWith: '0.100.0',
  },
  'codex-acp': {
    name: 'Codex by ACP',
    provider: 'acp',
    program: 'codex-acp',
    args: [],
    places: npmPlaces,
    install: 'npm install -g @agentclientprotocol/codex-acp',
    login: 'codex login',
    keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    traits: { ...allYes, cost: 'no', errors: 'no' },
    triedWith: '2.6.0',
  },
  demo: {
    name: 'Demo agent',
    provider: 'demo',
    program: null,
    args: [],
    places: [],
    install: null,
    login: null,
    keys: [],
    traits: allYes,
    triedWith: null,
  },
  command: {
    name: 'Any ACP agent',
    provider: 'acp',
    program: null,
    args: [],
    places: [],
    install: null,
    login: null,
    keys: [],
    traits: untried,
    triedWith: null,
  },
};

/** What is started, by the names of the words of its command; for ACP, a program that nobody knows is any command. */
export function kindOf(provider: KindFacts['provider'], command: readonly string[]): AgentKind {
  if (provider !== 'acp') return provider;
  const known = byLongestName.find((kind) => command.some((word) => isProgram(word, kindFacts[kind].program)));
  return known ?? 'command';
}

type SeenAgent = {
  readonly provider: KindFacts['provider'];
  readonly command: readonly string[];
  /** Of the session that is open, or was last; null before the first. */
  readonly capabilities: { readonly resume: boolean; readonly asks?: boolean | undefined } | null;
  readonly usage: {
    readonly inputTokens: number | null;
    readonly costUsd: number | null;
    readonly unpriced?: readonly string[] | undefined;
  } | null;
};

/** What a person has to do without with this agent: what was measured of its kind, and what it has shown of itself. */
export function lacksOf(agent: SeenAgent): AgentTrait[] {
  const { traits } = kindFacts[kindOf(agent.provider, agent.command)];
  return agentTraits.filter((trait) => shownLack(trait, agent) ?? traits[trait] === 'no');
}

/** Undefined where it has shown nothing of it. */
function shownLack(trait: AgentTrait, { provider, capabilities, usage }: SeenAgent): boolean | undefined {
  switch (trait) {
    case 'cost':
      if (usage !== null && usage.costUsd !== null) return false;
      // Codex tells tokens, which a table prices.
      if (provider === 'codex') return usage?.unpriced !== undefined && usage.unpriced.length > 0;
      return usage !== null && usage.inputTokens !== null ? true : undefined;
    case 'resume':
      return capabilities === null ? undefined : !capabilities.resume;
    case 'asks':
      return capabilities?.asks === false ? true : undefined;
    default:
      return undefined;
  }
}

/** "codex-acp" before what is only a part of such a name. */
const byLongestName = agentKinds
  .filter((kind) => kindFacts[kind].provider === 'acp' && kindFacts[kind].program !== null)
  .sort((one, other) => (kindFacts[other].program ?? '').length - (kindFacts[one].program ?? '').length);

/** A script of a package may be run by another program: `node …/node_modules/@agentclientprotocol/codex-acp/dist/index.js`. */
function isProgram(word: string, program: string | null): boolean {
  if (program === null) return false;
  const name = word.split(/[\\/]/).pop() ?? '';
  return (
    name.replace(/\.(exe|cmd|js|mjs|cjs)$/, '') === program ||
    new RegExp(`node_modules[\\\\/](@[^\\\\/]+[\\\\/])?${program}[\\\\/]`).test(word)
  );
}
