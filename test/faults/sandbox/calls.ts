/** Calls of the kernel that Node has no name for, for programs that mean harm. */
import { LibcError, loadKoffi, loadLibc } from '../../../server/sandbox/libc.ts';

const koffi = loadKoffi();
const library = koffi.load(null);
const functions = {
  mount: library.func('int mount(const char *, const char *, const char *, ulong, void *)'),
  chroot: library.func('int chroot(const char *)'),
  ptrace: library.func('long ptrace(long, int, void *, void *)'),
  setxattr: library.func('int setxattr(const char *, const char *, const char *, size_t, int)'),
  getxattr: library.func('long getxattr(const char *, const char *, void *, size_t)'),
  truncate: library.func('int truncate(const char *, long)'),
  memfd: library.func('int memfd_create(const char *, uint)'),
  shmget: library.func('int shmget(int, size_t, int)'),
  shmctl: library.func('int shmctl(int, int, void *)'),
  ioctl: library.func('int ioctl(int, ulong, void *)'),
};
const shmat = library.func('intptr shmat(int, void *, int)');
const mmap = library.func('intptr mmap(void *, size_t, int, int, int, long)');

type Name = keyof typeof functions;

/** Throws a LibcError with the name of what the kernel refuses with. */
export function call(name: Name, ...args: readonly unknown[]): number {
  return checked(name, Number(functions[name](...args)));
}

export const { syscall } = loadLibc();

/** Memory that another program, or the kernel, shares with this one. */
export function attachShared(id: number, bytes: number): Buffer {
  return memoryAt(checked('shmat', Number(shmat(id, null, 0))), bytes);
}

export function mapFile(fd: number, bytes: number, offset: number): Buffer {
  const [readAndWrite, shared] = [3, 1];
  return memoryAt(checked('mmap', Number(mmap(null, bytes, readAndWrite, shared, fd, offset))), bytes);
}

export function addressOf(buffer: Buffer): bigint {
  return koffi.address(buffer);
}

/** The numbers of those calls that differ by architecture. */
export const numbers =
  process.arch === 'arm64'
    ? { addKey: 217, keyctl: 219, nameToHandle: 264, openByHandle: 265, makeNode: 33 }
    : { addKey: 248, keyctl: 250, nameToHandle: 303, openByHandle: 304, makeNode: 259 };

function memoryAt(address: number, bytes: number): Buffer {
  return Buffer.from(koffi.view(BigInt(address), bytes));
}

function checked(name: string, result: number): number {
  if (result < 0) throw new LibcError(name, koffi.errno());
  return result;
}
