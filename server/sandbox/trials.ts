/** What is tried in a self-test, what should come of it, and which gap it is when something else does. */
import { join } from 'node:path';
import type { SandboxProof } from '../protocol/sandbox.ts';
import type { Canaries } from './canaries.ts';
import type { FencePlan } from './fence-plan.ts';
import type { Gap, GapName } from './gaps.ts';
import type { Attempt } from './launcher-policy.ts';
import type { SandboxProfile, SandboxRequest } from './request.ts';
import { isWithin } from './resolved-path.ts';

export type Trial = Pick<SandboxProof, 'tried' | 'expected'> & {
  readonly attempt: Attempt;
  /** Null for what is allowed: when that fails, the agent has less than it should. */
  readonly gap: Gap | null;
};

export type TrialGround = {
  readonly request: Pick<SandboxRequest, 'projectDir' | 'agentDir' | 'homeDir'>;
  readonly profile: SandboxProfile;
  readonly plan: FencePlan;
  readonly canaries: Canaries;
  /** Other programs listen there, in folders that the agent sees. */
  readonly sockets: readonly string[];
};

export function trialsOf(ground: TrialGround): Trial[] {
  return [...allowed(ground), ...files(ground), ...guarded(ground), ...processes(ground), ...sockets(ground), ...network(ground)];
}

function allowed({ request, profile, plan }: TrialGround): Trial[] {
  const project = isReadOnly(plan, request) ? [] : [request.projectDir];
  const writable = new Set([...project, request.agentDir, profile.temporaryDir]);
  const may = (tried: string, attempt: Attempt): Trial => ({ tried, expected: 'allowed', attempt, gap: null });
  return [
    ...[...writable].map((path) => may(`write ${shown(path, request)}`, { kind: 'write', path })),
    ...plan.read.filter((path) => path === '/usr').map((path) => may('read /usr', { kind: 'read', path })),
  ];
}

function files({ canaries, profile }: TrialGround): Trial[] {
  const { file, sharedFile } = canaries;
  const isShared = !profile.paths.some(({ path, access }) => /^(read|write)$/.test(access) && isWithin(sharedFile, path));
  return [
    denied('read a file of the data directory', { kind: 'read', path: file }, 'dataDirectory'),
    denied('change a file of the data directory', { kind: 'write', path: file }, 'dataDirectory'),
    ...(isShared ? [denied('read a file in the shared temporary folder', { kind: 'read', path: sharedFile }, 'sharedTemporary')] : []),
    denied('see a file outside', { kind: 'inspect', path: file }, 'fileNames'),
    denied('change the mode of a file outside', { kind: 'changeMode', path: file }, 'fileModes'),
    denied('empty a file outside', { kind: 'empty', path: file }, 'truncation'),
  ];
}

function guarded({ plan, request }: TrialGround): Trial[] {
  const about = (verb: string, kind: 'write' | 'rename' | 'find', name: GapName) => (path: string) =>
    denied(`${verb} ${shown(path, request)}`, { kind, path }, { name, subject: shown(path, request) });
  return [
    ...(isReadOnly(plan, request) ? [denied('write the project', { kind: 'write', path: request.projectDir }, 'writableProject')] : []),
    ...plan.guarded.map(about('write', 'write', 'protectedFiles')),
    ...plan.pinned.map(about('move away', 'rename', 'movableFolders')),
    ...plan.hidden.map(about('read', 'find', 'hiddenFiles')),
  ];
}

function processes({ canaries }: TrialGround): Trial[] {
  const outside = canaries.process;
  return [
    denied('signal a process outside', { kind: 'signal', process: outside }, 'signals'),
    denied('read the environment of a process outside', { kind: 'readProcess', process: outside, entry: 'environ' }, 'processMemory'),
    denied('read the command line of a process outside', { kind: 'readProcess', process: outside, entry: 'cmdline' }, 'commandLines'),
    denied('outlive its start', { kind: 'share', namespace: 'pid', link: canaries.pidNamespace }, 'survivors'),
    denied('use shared memory of other programs', { kind: 'share', namespace: 'ipc', link: canaries.ipcNamespace }, 'sharedMemory'),
    denied('have or gain rights of the administrator', { kind: 'privilege' }, 'privileges'),
  ];
}

function sockets({ canaries, sockets: visible }: TrialGround): Trial[] {
  return [
    denied('connect to a socket of another program', { kind: 'connect', socket: canaries.socket }, 'hostSockets'),
    denied('connect to an abstract socket', { kind: 'connect', socket: canaries.abstractSocket }, 'abstractSockets'),
    ...visible.map((path) => denied(`connect to ${path}`, { kind: 'connect', socket: path }, { name: 'visibleSockets', subject: path })),
  ];
}

function network({ profile, canaries }: TrialGround): Trial[] {
  const tcp: Attempt = { kind: 'tcp', port: canaries.tcpPort };
  const udp: Attempt = { kind: 'udp', port: canaries.udpPort };
  const [ofTcp, ofUdp] = ['connect to a TCP port that is not allowed', 'send UDP'];
  if (!isOpen(profile)) return [denied(ofTcp, tcp, 'anyPort'), denied(ofUdp, udp, 'datagrams')];
  return [
    { tried: 'connect to a TCP port', expected: 'allowed', attempt: tcp, gap: null },
    { tried: ofUdp, expected: 'allowed', attempt: udp, gap: null },
  ];
}

function isReadOnly({ read }: FencePlan, { projectDir }: TrialGround['request']): boolean {
  return read.includes(projectDir);
}

export function isOpen(profile: Pick<SandboxProfile, 'hasNetwork' | 'tcpConnect'>): boolean {
  return profile.hasNetwork && profile.tcpConnect === 'any';
}

function denied(tried: string, attempt: Attempt, gap: Gap | GapName): Trial {
  return { tried, expected: 'denied', attempt, gap: typeof gap === 'string' ? { name: gap } : gap };
}

/** As a person would write it. */
export function shown(path: string, { projectDir, homeDir }: Pick<SandboxRequest, 'projectDir' | 'homeDir'>): string {
  if (path === projectDir) return 'the project';
  if (isWithin(path, projectDir)) return path.slice(join(projectDir, '/').length);
  return isWithin(path, homeDir) ? `~${path.slice(homeDir.length)}` : path;
}
