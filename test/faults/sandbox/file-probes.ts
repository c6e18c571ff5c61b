/** Probes that go for files outside. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Place, Probe } from './probe.ts';

const highestInheritedFd = 30;
const old = new Date('2001-02-03T04:05:06Z');

export const fileProbes: readonly Probe[] = [
  reads('read by an absolute path', ({ outside }) => secretIn(outside)),
  reads('read through a link that was there', ({ projectDir }) => join(projectDir, 'old-link')),
  reads('read through a new link', ({ projectDir, outside }) => {
    symlinkSync(secretIn(outside), join(projectDir, 'new-link'));
    return join(projectDir, 'new-link');
  }),
  reads('read by climbing out', ({ projectDir }) => `${projectDir}/../outside/secret`),
  reads('hard link into the project', ({ projectDir, outside }) => {
    linkSync(secretIn(outside), join(projectDir, 'hard-link'));
    return join(projectDir, 'hard-link');
  }),
  {
    ...files('rename into the project'),
    attempt: ({ projectDir, outside }) => renameSync(join(outside, 'moved'), join(projectDir, 'moved')),
    gotThrough: ({ outside }) => !existsSync(join(outside, 'moved')),
  },
  reads('read through /proc/self/root', ({ outside }) => `/proc/self/root${secretIn(outside)}`),
  reads('read through /proc/1/root', ({ outside }) => `/proc/1/root${secretIn(outside)}`),
  reads('read through the root of a process outside', ({ outside, decoy }) => `/proc/${decoy.pid}/root${secretIn(outside)}`),
  reads('read the environment of a process outside', ({ decoy }) => `/proc/${decoy.pid}/environ`),
  reads('read in the working folder of a process outside', ({ decoy }) => `/proc/${decoy.pid}/cwd/secret`),
  { ...files('read an open file that came along'), attempt: () => inheritedText((fd) => readFd(fd)) },
  {
    ...files('open again what came along open'),
    attempt: () => inheritedText((fd) => (isFile(fd) ? readFileSync(`/proc/self/fd/${fd}`, 'utf8') : '')),
  },
  {
    ...files('append outside'),
    attempt: ({ outside }) => appendFileSync(join(outside, 'appended'), 'more'),
    gotThrough: ({ outside }) => statSync(join(outside, 'appended')).size > 0,
  },
  {
    ...files('empty a file outside', 'truncation'),
    attempt: async ({ outside }) => (await import('./calls.ts')).call('truncate', join(outside, 'emptied'), 0),
    gotThrough: ({ outside }) => statSync(join(outside, 'emptied')).size === 0,
  },
  {
    ...files('remove a file outside'),
    attempt: ({ outside }) => unlinkSync(join(outside, 'removed')),
    gotThrough: ({ outside }) => !existsSync(join(outside, 'removed')),
  },
  {
    ...files('look at a file outside', 'fileNames'),
    attempt: ({ outside }) => lstatSync(secretIn(outside)).ino,
    gotThrough: ({ outside }, answer) => answer === String(statSync(secretIn(outside)).ino),
  },
  {
    ...files('change the mode of a file outside', 'fileModes'),
    attempt: ({ outside }) => chmodSync(join(outside, 'mode'), 0o666),
    gotThrough: ({ outside }) => (statSync(join(outside, 'mode')).mode & 0o777) === 0o666,
  },
  {
    ...files('change the times of a file outside', 'fileModes'),
    attempt: ({ outside }) => utimesSync(join(outside, 'times'), old, old),
    gotThrough: ({ outside }) => statSync(join(outside, 'times')).mtimeMs === old.getTime(),
  },
  {
    ...files('set an extended attribute outside', 'fileModes'),
    attempt: async ({ outside }) => (await import('./calls.ts')).call('setxattr', join(outside, 'attributes'), 'user.agor', 'x', 1, 0),
    gotThrough: (_, answer) => answer === '0',
  },
];

export const systemFileProbes: readonly Probe[] = [
  {
    ...files('write /etc/cron.d'),
    attempt: () => writeFileSync('/etc/cron.d/agor-probe', '# from a probe\n'),
    gotThrough: () => existsSync('/etc/cron.d/agor-probe'),
  },
];

export function secretIn(outside: string): string {
  return join(outside, 'secret');
}

function files(name: string, gap: Probe['gap'] = null): Pick<Probe, 'name' | 'axis' | 'gap'> {
  return { name, axis: 'files', gap };
}

function reads(name: string, path: (place: Place) => string): Probe {
  return { ...files(name), attempt: (place) => readFileSync(path(place), 'utf8') };
}

function inheritedText(read: (fd: number) => string): string {
  const texts: string[] = [];
  for (let fd = 3; fd <= highestInheritedFd; fd++) {
    try {
      texts.push(read(fd));
    } catch {
      // Not open, or one of Node's own that cannot be read.
    }
  }
  return texts.join('');
}

function readFd(fd: number): string {
  if (!isFile(fd)) return '';
  const bytes = Buffer.alloc(200);
  return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
}

/** Reading a pipe would wait for somebody to write. */
function isFile(fd: number): boolean {
  return statSync(`/proc/self/fd/${fd}`).isFile();
}
