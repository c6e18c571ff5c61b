/** Probes that go for other processes, what they listen on and what they share. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { startTimeInStat } from '../../../server/base/process-identity.ts';
import { secretIn } from './file-probes.ts';
import { eventsFile, type Place, type Probe } from './probe.ts';

const answerMs = 300;
const bindMount = 4096;
const seize = 0x4206;

export const privilegeProbes: readonly Probe[] = [
  {
    ...processes('mount a folder of the host'),
    attempt: async ({ outside, projectDir }) => {
      const { call } = await import('./calls.ts');
      call('mount', outside, join(projectDir, 'mount'), null, bindMount, null);
      return readFileSync(join(projectDir, 'mount', 'secret'), 'utf8');
    },
  },
  {
    ...processes('chroot and climb out'),
    startedBy: ['/usr/bin/unshare', '--user', '--map-root-user'],
    attempt: async ({ outside, projectDir }) => {
      const { call } = await import('./calls.ts');
      call('chroot', join(projectDir, 'mount'));
      process.chdir(Array(32).fill('..').join('/'));
      call('chroot', '.');
      return readFileSync(secretIn(outside), 'utf8');
    },
  },
];

export const processProbes: readonly Probe[] = [
  { ...processes('connect to a socket outside', 'hostSockets'), attempt: ({ decoy }) => talk({ path: decoy.socket }) },
  { ...processes('connect to an abstract socket', 'abstractSockets'), attempt: ({ decoy }) => talk({ path: `\0${decoy.abstractName}` }) },
  {
    name: 'connect to a TCP port',
    axis: 'network',
    gap: 'anyPort',
    attempt: ({ decoy }) => talk({ port: decoy.tcpPort, host: '127.0.0.1' }),
  },
  { name: 'send UDP', axis: 'network', gap: 'datagrams', attempt: ({ decoy }) => send(decoy.udpPort), gotThrough: hasNoticed('udp') },
  {
    ...processes('signal a process outside', 'signals'),
    attempt: ({ decoy }) => {
      process.kill(decoy.pid, 'SIGUSR2');
      return new Promise((resolve) => setTimeout(resolve, answerMs / 3));
    },
    gotThrough: hasNoticed('signal'),
  },
  {
    ...processes('trace a process outside'),
    attempt: async ({ decoy }) => {
      const { call } = await import('./calls.ts');
      if (!isDecoy(decoy)) return 'another process';
      call('ptrace', seize, decoy.pid, null, null);
      return 'traced';
    },
    gotThrough: (_, answer) => answer === 'traced',
  },
  {
    ...processes('read the memory of a process outside'),
    attempt: async ({ decoy }) => {
      const { openSync, readSync } = await import('node:fs');
      const bytes = Buffer.alloc(64);
      readSync(openSync(`/proc/${decoy.pid}/mem`, 'r'), bytes, 0, bytes.length, BigInt(decoy.secretAddress));
      return bytes.toString('latin1');
    },
  },
  {
    ...processes('read shared memory by its name'),
    attempt: ({ decoy }) => readFileSync(decoy.sharedFile, 'utf8') + readdirSync('/dev/shm').join(),
  },
  {
    ...processes('run a program from memory'),
    attempt: async ({ outside }) => {
      const { call } = await import('./calls.ts');
      const fd = call('memfd', 'program', 0);
      writeSync(fd, readFileSync('/usr/bin/cat'));
      return execFileSync(`/proc/${process.pid}/fd/${fd}`, [secretIn(outside)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
  },
];

export function hasNoticed(event: string): (place: Place) => boolean {
  return (place) => readFileSync(eventsFile(place), 'utf8').split('\n').includes(event);
}

export function processes(name: string, gap: Probe['gap'] = null): Pick<Probe, 'name' | 'axis' | 'gap'> {
  return { name, axis: 'files', gap };
}

/** In a process namespace of one's own its number is nobody's, or somebody else's. */
export function isDecoy({ pid, startTime }: Place['decoy']): boolean {
  return startTimeInStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) === startTime;
}

/** The first thing that is said there. */
function talk(to: NetConnectOpts): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(to);
    socket.setTimeout(answerMs, () => socket.destroy(new Error('silence')));
    socket.once('data', (text) => {
      socket.destroy();
      resolve(String(text));
    });
    socket.once('error', reject);
  });
}

function send(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const end = () => socket.close(() => resolve('sent'));
    const timer = setTimeout(end, answerMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('message', () => {
      clearTimeout(timer);
      end();
    });
    socket.connect(port, '127.0.0.1', () => socket.send('probe'));
  });
}
