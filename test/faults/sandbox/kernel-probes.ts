/** Probes that go around what a fence looks at: other ways into the kernel, and rights that come from elsewhere. */
import { execFileSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { existsSync, openSync, readFileSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { secretIn } from './file-probes.ts';
import type { Probe } from './probe.ts';
import { hasNoticed, isDecoy, processes } from './process-probes.ts';

const bindMount = 4096;
const pidfdOpen = 434;
const pidfdGetfd = 438;
const blockDevice = 0o060600;
const currentFolder = -100;
const linkKey = 8;
const searchKey = 10;
const readKey = 11;
const sessionKeyring = -3;
const userKeyring = -4;
const corePattern = '/proc/sys/kernel/core_pattern';

export const otherWays: readonly Probe[] = [
  {
    ...processes('open a file by io_uring'),
    attempt: async ({ outside }) => textOf((await import('./io-uring.ts')).openByRing(secretIn(outside))),
  },
  {
    ...processes('open a file by its handle'),
    attempt: async ({ projectDir, decoy }) => {
      const { numbers, syscall } = await import('./calls.ts');
      return textOf(syscall(numbers.openByHandle, openSync(projectDir, 'r'), Buffer.from(decoy.fileHandle, 'base64'), 0));
    },
  },
  {
    ...processes('mount and unmount in a user namespace'),
    startedBy: ['/usr/bin/unshare', '--user', '--map-root-user', '--mount'],
    attempt: async ({ outside, projectDir }) => {
      const { call } = await import('./calls.ts');
      const hooks = join(projectDir, '.git', 'hooks');
      execFileSync('/bin/sh', ['-c', `umount ${hooks} 2>/dev/null && echo x > ${hooks}/unmounted || true`]);
      call('mount', outside, join(projectDir, 'mount'), null, bindMount, null);
      return readFileSync(join(projectDir, 'mount', 'secret'), 'utf8');
    },
    gotThrough: ({ projectDir }, answer, secret) => answer.includes(secret) || existsSync(join(projectDir, '.git', 'hooks', 'unmounted')),
  },
];

export const rights: readonly Probe[] = [
  {
    ...processes('become root by a program that runs as root'),
    attempt: ({ rootProgram }) => {
      const status = readFileSync('/proc/self/status', 'utf8');
      if (rootProgram === null) return /NoNewPrivs:\s*0/.test(status) ? 'uid=0' : 'no new rights';
      return execFileSync(rootProgram, ['-u'], { encoding: 'utf8' }).trim() === '0' ? 'uid=0' : 'no new rights';
    },
    gotThrough: (_, answer) => answer === 'uid=0',
  },
];

export const nameProbe: Probe = {
  name: 'send words out by DNS',
  axis: 'network',
  gap: 'datagrams',
  attempt: async ({ decoy }) => {
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`127.0.0.1:${decoy.dnsPort}`]);
    return resolver.resolveTxt('words.example.org');
  },
  gotThrough: hasNoticed('dns'),
};

export const chosenProbes: readonly Probe[] = [
  {
    ...processes('read a key that the kernel keeps for the person', 'sharedMemory'),
    attempt: async ({ keyName }) => {
      const { numbers, syscall } = await import('./calls.ts');
      const keyctl = (...args: (number | Buffer)[]) => syscall(numbers.keyctl, ...args);
      try {
        keyctl(linkKey, userKeyring, sessionKeyring);
      } catch {
        // Linked already, or there is none; what was in the session's own stays to be found.
      }
      const bytes = Buffer.alloc(64);
      const key = keyctl(searchKey, sessionKeyring, Buffer.from('user\0'), Buffer.from(`${keyName}\0`), 0);
      return bytes.toString('utf8', 0, keyctl(readKey, key, bytes, bytes.length));
    },
  },
  {
    ...processes('name a program for the kernel to run'),
    attempt: () => writeFileSync(corePattern, '|/tmp/probe'),
    gotThrough: () => readFileSync(corePattern, 'utf8').startsWith('|/tmp/probe'),
  },
  {
    ...processes('write to a terminal of the person'),
    attempt: ({ decoy }) => writeSync(openSync(decoy.terminal, 'r+'), 'probe\n'),
    gotThrough: hasNoticed('terminal'),
  },
  {
    ...processes('take an open file of a process outside'),
    attempt: async ({ decoy }) => {
      const { syscall } = await import('./calls.ts');
      if (!isDecoy(decoy)) return 'another process';
      return textOf(syscall(pidfdGetfd, syscall(pidfdOpen, decoy.pid, 0), decoy.secretFd, 0));
    },
  },
  {
    ...processes('attach shared memory of another program', 'sharedMemory'),
    attempt: async ({ decoy }) => (await import('./calls.ts')).attachShared(decoy.sharedMemoryId, 64).toString('latin1'),
  },
  {
    ...processes('make a device of the disk and open it'),
    attempt: async ({ projectDir }) => {
      const { numbers, syscall } = await import('./calls.ts');
      const path = join(projectDir, 'disk');
      syscall(numbers.makeNode, currentFolder, Buffer.from(`${path}\0`), blockDevice, statSync(projectDir).dev);
      openSync(path, 'r');
      return 'opened';
    },
    gotThrough: (_, answer) => answer === 'opened',
  },
];

function textOf(fd: number): string {
  const bytes = Buffer.alloc(200);
  return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
}
