/** The variables that a backend or a command reads besides those of settings, and who sets them. */
export type Variable = {
  readonly name: string;
  readonly says: string;
  /** As in an example; undefined where there is no default. */
  readonly standard?: string;
};

/** For a person to set. */
export const personsVariables: readonly Variable[] = [
  { name: 'AGOR_DATA_DIR', says: 'Where everything is kept, as an absolute path.', standard: '~/.local/share/agor' },
  { name: 'AGOR_CONFIG_DIR', says: 'Where groups.json, prices.json and backend.env are, as an absolute path.', standard: '~/.config/agor' },
  { name: 'AGOR_LOG_LEVEL', says: 'From which level on records are logged: trace, debug, info, warn, error or fatal.', standard: 'info' },
  { name: 'LOG_LEVEL', says: 'The same, where AGOR_LOG_LEVEL is not set.', standard: 'info' },
  { name: 'AGENT_RELAY_LOG_LEVEL', says: 'The same, where neither is set.', standard: 'info' },
  { name: 'AGENT_RELAY_SESSION_DEBUG', says: '1 logs from debug on, where no level is set.' },
  { name: 'AGOR_IDLE_END_MINUTES', says: 'After how long without work a backend ends; a service never does.', standard: '10' },
  {
    name: 'AGOR_ORPHAN_GRACE_MINUTES',
    says: 'How long sidecars wait for a backend, before what agent.orphanGraceMinutes says.',
    standard: '10',
  },
  { name: 'NODE_ENV', says: 'development: "agor serve" shows readable lines instead of JSON.' },
  { name: 'TZ', says: 'The time zone of days, as of budgets and nightly work; the system knows one.', standard: 'Europe/Berlin' },
];

/** Set by the system, by systemd, by an editor, or by us for the programs that we start. */
export const othersVariables: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USERPROFILE', 'TMPDIR', 'LOCALAPPDATA', 'DBUS_SESSION_BUS_ADDRESS'],
  ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'XDG_STATE_HOME'],
  ...['CREDENTIALS_DIRECTORY', 'NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC'],
  ...['VSCODE_PID', 'VSCODE_PORTABLE', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'OPENAI_BASE_URL'],
  ...['AGOR_RUN_TOKEN', 'AGOR_CONTROL_SOCKET', 'AGOR_PROGRAMS', 'AGOR_NODE', 'AGENT_RELAY_WORKSPACE_JSON'],
  // Of the demo agent, which its tests pace.
  ...['AGOR_DEMO_SPEED', 'AGOR_DEMO_STATE_DIR'],
]);

/** What other orchestrators call it, and what it is here. */
export const formerVariables: readonly (readonly [names: string, here: string])[] = [
  ['ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN', 'no variable: a secret, by LoadCredential= of systemd or "agor serve --secrets-fd"'],
  ['AGENT_TIMEOUT (milliseconds)', 'AGOR_AGENT_HARD_TURN_MINUTES'],
  ['IDLE_TIMEOUT (milliseconds)', 'AGOR_AGENT_IDLE_MINUTES'],
  ['MAX_CONCURRENT_PROCESSES', 'AGOR_TURNS_MAX'],
  ['DATA_DIR, STORE_DIR', 'AGOR_DATA_DIR'],
  ['GROUPS_DIR, MAIN_GROUP_FOLDER', 'groups.json in AGOR_CONFIG_DIR'],
  ['ASSISTANT_NAME', 'the name that an agent is added by: agor agent add <name>'],
  ['POLL_INTERVAL, IPC_POLL_INTERVAL', 'nothing: what happens is told, and nobody polls'],
  ['SCHEDULER_POLL_INTERVAL', 'nothing: managers are woken by "agor wake"'],
  ['LOG_LEVEL, TZ', 'the same'],
];

/** Names like ours that nobody reads: most likely a setting that was mistyped. */
export function unknownVariables(env: NodeJS.ProcessEnv, settings: readonly string[]): string[] {
  const known = new Set([...settings, ...personsVariables.map(({ name }) => name), ...othersVariables]);
  return Object.keys(env)
    .filter((name) => name.startsWith('AGOR_') && !known.has(name))
    .sort();
}
