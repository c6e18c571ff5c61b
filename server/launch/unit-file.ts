/** The unit by which systemd runs a service, as text. Pure: who installs it knows the paths. */
import { youngHeapFlags } from '../base/young-heap.ts';
import { AgorError } from '../protocol/errors.ts';

export const unitName = 'agor-backend.service';

export type UnitFacts = {
  /** The manager of a person, or that of the machine with the person whom the service runs as. */
  readonly scope: 'user' | { readonly runAs: string };
  /** Absolute: a manager does not know where a version manager of the shell keeps its Node. */
  readonly node: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Settings by environment, if somebody puts that file there. */
  readonly environmentFile: string;
  /** What the service and its agents may write besides the data directory. */
  readonly writable: readonly string[];
  readonly agents: number;
};

/** So many agents fit into what a backend alone is given. */
const agentsIncluded = 8;
const baseMemoryMb = 2_048;
const memoryMbPerAgent = 96;
const baseTasks = 256;
const tasksPerAgent = 16;

/**
 * Bounds of the backend and its sidecars. Programs of agents have groups of their own where the person's manager makes
 * them, and their own bounds everywhere.
 */
export function unitLimits(agents: number): { readonly memoryMb: number; readonly tasks: number } {
  const more = Math.max(0, agents - agentsIncluded);
  return { memoryMb: baseMemoryMb + more * memoryMbPerAgent, tasks: baseTasks + more * tasksPerAgent };
}

export function unitText(facts: UnitFacts): string {
  const sections = [unitSection(facts), serviceSection(facts), installSection(facts)];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function unitSection({ dataDir, scope }: UnitFacts): string[] {
  return [
    '# Written by "agor service install", which is to be run again when projects come or go. Changes of your own belong in',
    `# a drop-in: systemctl ${scope === 'user' ? '--user ' : ''}edit ${unitName}`,
    '[Unit]',
    `Description=Agent Orchestrator backend (${plain(dataDir)})`,
    // A service that ends again and again is left alone after a while, and that is seen.
    'StartLimitIntervalSec=10min',
    'StartLimitBurst=10',
  ];
}

function serviceSection(facts: UnitFacts): string[] {
  const { scope, node, program, args, environment, environmentFile } = facts;
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  return [
    '[Service]',
    ...(scope === 'user' ? [] : [`User=${plain(scope.runAs)}`]),
    'Type=notify',
    'NotifyAccess=main',
    'WatchdogSec=60s',
    `ExecStart=${[node, ...youngHeapFlags, program, ...args].map(command).join(' ')}`,
    ...variables,
    `EnvironmentFile=-${plain(environmentFile)}`,
    ...restartLines,
    ...outputLines,
    ...limitLines(facts),
    ...fenceLines(facts),
  ];
}

const restartLines = [
  '',
  '# A clean end stays ended, a refusal would be one again, and 75 makes way for a newer build.',
  'Restart=on-failure',
  'RestartSec=10s',
  'RestartPreventExitStatus=1 2',
  'RestartForceExitStatus=75',
  'TimeoutStartSec=5min',
  'TimeoutStopSec=20s',
  '# Agents survive the backend: only the backend itself is ended, and the next one takes their sidecars over.',
  'KillMode=process',
];

const outputLines = ['', 'StandardOutput=journal', 'StandardError=journal', 'SyslogIdentifier=agor'];

function limitLines({ agents }: UnitFacts): string[] {
  const { memoryMb, tasks } = unitLimits(agents);
  return [
    '',
    '# Of the backend and its sidecars. One that is ended for its memory is started again; the rest stays.',
    `MemoryMax=${memoryMb % 1024 === 0 ? `${memoryMb / 1024}G` : `${memoryMb}M`}`,
    'MemorySwapMax=0',
    'LimitNOFILE=65536',
    `TasksMax=${tasks}`,
    'OOMPolicy=continue',
  ];
}

/** Measured with bubblewrap: each line that is missing here takes the fence of agents away, or what they work with. */
function fenceLines({ scope, dataDir, writable }: UnitFacts): string[] {
  return [
    '',
    '# Not set, because agents could not be fenced in any more: ProtectKernelTunables, ProtectKernelLogs and ProtectProc (no',
    '# /proc can be mounted then), RestrictNamespaces, PrivateUsers; nor MemoryDenyWriteExecute, which Node cannot run with.',
    '# With NoNewPrivileges a bubblewrap that is setuid has to do without; then user namespaces must be allowed.',
    'NoNewPrivileges=yes',
    ...privateTmp([dataDir, ...writable]),
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    `ReadWritePaths=${quoted(dataDir)}`,
    // What is gone meanwhile keeps no service from starting.
    ...writable.map((path) => `ReadWritePaths=${quoted(`-${path}`)}`),
    'RestrictRealtime=yes',
    ...(scope === 'user' ? [] : ['CapabilityBoundingSet=', 'AmbientCapabilities=']),
  ];
}

/** A temporary folder of its own would hide what lies in the common one. */
function privateTmp(paths: readonly string[]): string[] {
  const isCommon = paths.some((path) => /^\/(var\/)?tmp(\/|$)/.test(path));
  return isCommon
    ? ['# Data or projects lie in the temporary folder of all, which is therefore shared.', 'PrivateTmp=no']
    : ['PrivateTmp=yes'];
}

function installSection({ scope }: UnitFacts): string[] {
  return ['[Install]', `WantedBy=${scope === 'user' ? 'default.target' : 'multi-user.target'}`];
}

/** A word of a command: what systemd would replace stands for itself. */
function command(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

/** In quotes only where it must be, so that a person can read it. */
function quoted(text: string): string {
  const escaped = plain(text);
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** With the specifiers of systemd made harmless. A line end in a path would begin another line. */
function plain(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw new AgorError('badRequest', `A path with control characters cannot be in a unit file: ${JSON.stringify(text)}.`);
  return text.replaceAll('%', '%%');
}
