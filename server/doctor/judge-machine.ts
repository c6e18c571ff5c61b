/** Whether this machine is fit for a backend that runs for months: its Node, limits, disk and file system. Pure. */
import { type Diagnosis, diagnosis } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';

export type DiskLevel = 'fine' | 'large' | 'critical';
/** From which free size on a disk is nearly full; it is a decision of whoever shows sizes. */
export type DiskLevelOf = (sizes: { readonly freeBytes: number; readonly totalBytes: number }) => DiskLevel;

const fewOpenFiles = 1_024;
const fewProcesses = 1_024;
const fewWatches = 65_536;
const fewInstances = 128;
const fewFreeFiles = 10_000;
const gibibyte = 1024 ** 3;

/** Of `statfs`. */
const networkTypes = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x65735546, 'FUSE'],
]);
const memoryTypes = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);

export function judgeMachine(facts: MachineFacts, diskLevel: DiskLevelOf): Diagnosis[] {
  return [...judgeNode(facts), ...judgeLimits(facts), ...judgeDisk(facts, diskLevel), ...judgeFilesystem(facts)];
}

function judgeNode({ nodeVersion }: MachineFacts): Diagnosis[] {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) return [diagnosis('machine.node', 'ok', `Node ${nodeVersion} is new enough.`)];
  const todo = [{ say: 'Update Node, or VS Code, whose own Node runs the backend that a window starts.' }];
  return [diagnosis('machine.node', 'problem', `Node ${nodeVersion} is too old: 22.15 or newer is needed.`, { todo })];
}

function judgeLimits({ openFiles, processes, inotifyWatches, inotifyInstances }: MachineFacts): Diagnosis[] {
  const low: Diagnosis[] = [];
  const tell = (check: string, what: string, run: string) => low.push(diagnosis(`machine.${check}`, 'warning', what, { todo: [{ run }] }));
  if (openFiles !== null && openFiles < fewOpenFiles)
    tell('openFiles', `A process may have only ${openFiles} files open; fifty agents need about 1,000.`, 'ulimit -n 65536');
  if (processes !== null && processes < fewProcesses)
    tell('processes', `You may have only ${processes} processes and threads; each agent needs about 30.`, 'ulimit -u 4096');
  if (inotifyWatches !== null && inotifyWatches < fewWatches)
    tell(
      'inotifyWatches',
      `Only ${inotifyWatches} files may be watched, which a large project uses up; then changes go unseen.`,
      'sudo sysctl fs.inotify.max_user_watches=524288',
    );
  if (inotifyInstances !== null && inotifyInstances < fewInstances)
    tell('inotifyInstances', `Only ${inotifyInstances} programs may watch files.`, 'sudo sysctl fs.inotify.max_user_instances=512');
  return low.length > 0 ? low : [diagnosis('machine.limits', 'ok', 'Limits of open files, processes and watched files are high enough.')];
}

function judgeDisk({ filesystem }: MachineFacts, diskLevel: DiskLevelOf): Diagnosis[] {
  if (!filesystem) return [];
  const free = `${(filesystem.freeBytes / gibibyte).toFixed(1)} of ${(filesystem.totalBytes / gibibyte).toFixed(1)} GiB are free`;
  const level = diskLevel(filesystem);
  const todo = [
    { say: 'See what is large, and follow the procedure for a full disk:' },
    { run: 'agor metrics' },
    { run: 'agor runbook show disk' },
  ];
  const why = 'On a full disk nothing new is taken in; what was acknowledged stays.';
  // Some file systems make room for new files as they need it, and say 0.
  if (filesystem.freeFiles > 0 && filesystem.freeFiles < fewFreeFiles)
    return [diagnosis('disk.files', 'warning', `The disk has room for only ${filesystem.freeFiles} more files.`, { why, todo })];
  if (level === 'fine') return [diagnosis('disk.space', 'ok', `The disk has room: ${free}.`)];
  const what = level === 'critical' ? `The disk is nearly full: ${free}.` : `The disk is filling up: ${free}.`;
  return [diagnosis('disk.space', level === 'critical' ? 'problem' : 'warning', what, { why, todo })];
}

function judgeFilesystem({ filesystem }: MachineFacts): Diagnosis[] {
  const [network, memory] = [networkTypes.get(filesystem?.type ?? 0), memoryTypes.get(filesystem?.type ?? 0)];
  const todo = [{ say: 'Choose a folder on a disk of this machine with AGOR_DATA_DIR or the setting agor.dataDir.' }];
  if (network !== undefined) {
    const why = 'Locks and memory that programs share, which the log of SQLite needs, do not work over a network as they do on a disk.';
    return [diagnosis('disk.network', 'problem', `The data directory lies on a network file system (${network}).`, { why, todo })];
  }
  if (memory === undefined) return [];
  const why = 'A restart of the machine loses everything.';
  return [diagnosis('disk.memory', 'problem', `The data directory lies in memory (${memory}).`, { why, todo })];
}
