/** Tries what should fail, from inside the fence, and leaves no trace where it does not. */
import { createSocket } from 'node:dgram';
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { startTimeInStat } from '../base/process-identity.ts';
import type { Attempt, OutsideProcess } from './launcher-policy.ts';
import type { Libc } from './libc.ts';
import { mountPoints } from './mount-info.ts';

/** Undefined when it went through, else what held it back; the system's own refusals are thrown. */
type Outcome = string | undefined;

/** An unnamed file in a folder, gone when it is closed; Node has no name for the flag. */
const unnamedFile = 0x400000 | constants.O_DIRECTORY;
const answerDeadlineMs = 200;
const mostFinds = 20;
const deepestFind = 2;

/** "ok", or the name of what the system answered. */
export async function makeAttempt(attempt: Attempt, libc: Libc | null): Promise<string> {
  try {
    return (await outcomeOf(attempt, libc)) ?? 'ok';
  } catch (error) {
    // Every error of the system has a code; anything else is a fault of ours and must not pass for a refusal.
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

function outcomeOf(attempt: Attempt, libc: Libc | null): Outcome | Promise<Outcome> {
  switch (attempt.kind) {
    case 'read':
      return read(attempt.path);
    case 'write':
      return write(attempt.path);
    case 'empty':
      return empty(attempt.path, libc);
    case 'inspect':
      return inspect(attempt.path);
    case 'changeMode':
      return changeMode(attempt.path);
    case 'rename':
      return isMountPoint(attempt.path) ? 'EBUSY' : undefined;
    case 'find':
      return find(attempt.path);
    case 'signal':
      return isVisible(attempt.process) ? signal(attempt.process) : 'ESRCH';
    case 'readProcess':
      return isVisible(attempt.process) ? read(`/proc/${attempt.process.pid}/${attempt.entry}`) : 'ESRCH';
    case 'share':
      return readlinkSync(`/proc/self/ns/${attempt.namespace}`) === attempt.link ? undefined : 'another namespace';
    case 'connect':
      return reach({ path: attempt.socket });
    case 'tcp':
      return reach({ port: attempt.port, host: '127.0.0.1' });
    case 'udp':
      return send(attempt.port);
    case 'privilege':
      return isWithoutRights(readFileSync('/proc/self/status', 'utf8')) ? 'EPERM' : undefined;
  }
}

function read(path: string): undefined {
  if (statSync(path).isDirectory()) readdirSync(path);
  else closeSync(openSync(path, constants.O_RDONLY));
}

function write(path: string): undefined {
  const place = lstatSync(path, { throwIfNoEntry: false });
  if (place === undefined) makeFolder(path);
  else if (place.isDirectory()) makeFile(path);
  else closeSync(openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW));
}

function makeFile(folder: string): void {
  try {
    closeSync(openSync(folder, constants.O_WRONLY | unnamedFile, 0o600));
  } catch (error) {
    // Some file systems have no unnamed files.
    if (!(error instanceof Error && 'code' in error && /^(EOPNOTSUPP|ENOTSUP|EISDIR|EINVAL)$/.test(String(error.code)))) throw error;
    makeFolder(join(folder, `.agor-${process.pid}`));
  }
}

function makeFolder(path: string): void {
  mkdirSync(path);
  rmdirSync(path);
}

/** To the length that it has. */
function empty(path: string, libc: Libc | null): undefined {
  const { size } = statSync(path);
  if (libc === null) truncateSync(path, size);
  else libc.truncate(path, size);
}

function inspect(path: string): undefined {
  lstatSync(path);
}

/** To the one that it has. */
function changeMode(path: string): undefined {
  chmodSync(path, statSync(path).mode & 0o7777);
}

/** The kernel renames no mount point, so this is as good as trying, and nothing is away for a moment. */
function isMountPoint(path: string): boolean {
  return mountPoints(readFileSync('/proc/self/mountinfo', 'utf8')).has(path);
}

/** Opens the first file that can be opened, and does not look for long. */
function find(path: string, depth = deepestFind): Outcome {
  const place = lstatSync(path);
  if (place.isFile()) return place.size === 0 ? 'empty' : read(path);
  if (!place.isDirectory() || depth === 0) return 'empty';
  let held = 'empty';
  for (const name of readdirSync(path).slice(0, mostFinds)) {
    const outcome = attempted(() => find(join(path, name), depth - 1));
    if (outcome === undefined) return undefined;
    held = outcome;
  }
  return held;
}

function attempted(attempt: () => Outcome): Outcome {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

/** In a process namespace of one's own the number means nobody, or somebody else. */
function isVisible({ pid, startTime }: OutsideProcess): boolean {
  try {
    return startTimeInStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) === startTime;
  } catch {
    return false;
  }
}

function signal({ pid }: OutsideProcess): undefined {
  process.kill(pid, 0);
}

/** None is left, and none comes with a program that has some. */
function isWithoutRights(status: string): boolean {
  return /^CapEff:\s*0+$/m.test(status) && /^CapPrm:\s*0+$/m.test(status) && /^NoNewPrivs:\s*1$/m.test(status);
}

function reach(to: NetConnectOpts): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect(to);
    const end = (outcome?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(end, answerDeadlineMs, 'ETIMEDOUT');
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'failed'));
  });
}

function send(port: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (outcome?: string) => {
      clearTimeout(timer);
      socket.close();
      resolve(outcome);
    };
    const timer = setTimeout(end, answerDeadlineMs, 'ETIMEDOUT');
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'failed'));
    socket.once('message', () => end());
    socket.connect(port, '127.0.0.1', () => socket.send('?'));
  });
}
