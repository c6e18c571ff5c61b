/** The calls of the C library that the fence is made of. Only the launcher loads this, never a process that lives on. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

type Argument = number | bigint | Buffer | null;

export type Libc = {
  /** Throws a LibcError, with the error's name, when the kernel refuses. */
  syscall(number: number, ...args: readonly Argument[]): number;
  prctl(option: number, value: number): number;
  /** By its path: Node opens a file to cut it, which the kernel treats otherwise. */
  truncate(path: string, bytes: number): void;
  /** Takes away every capability, also those that a program could bring along. */
  dropCapabilities(): void;
  /** Node ignores some signals, and what is ignored stays so in the next program. */
  resetSignals(): void;
  /** No open file but the three standard ones goes along to the next program. */
  closeFilesOnExec(): void;
};

export class LibcError extends Error {
  readonly code: string;
  constructor(call: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${call}: ${code}`);
    this.name = 'LibcError';
    this.code = code;
  }
}

const capabilityBoundDrop = 24;
const capabilityAmbient = 47;
const capabilityAmbientClear = 4;
const capabilityVersion = 0x20080522;
const lastPossibleCapability = 63;
const lastSignal = 64;
const defaultAction = 0;
const setDescriptorFlags = 2;
const closeOnExec = 1;

/** Throws when there is no native part for this machine. */
export function loadLibc(): Libc {
  const koffi = loadKoffi();
  const library = koffi.load(null);
  const prctl = library.func('int prctl(int, ulong, ulong, ulong, ulong)');
  const capset = library.func('int capset(void *, void *)');
  const truncate = library.func('int truncate(const char *, long)');
  const signal = library.func('intptr signal(int, intptr)');
  const fcntl = library.func('int fcntl(int, int, int)');
  const syscall = library.func('syscall', 'long', ['long', ...Array<string>(6).fill('void *')]);
  const checked = (call: string, result: number) => {
    if (result < 0) throw new LibcError(call, koffi.errno());
    return result;
  };
  return {
    syscall: (number, ...args) => checked(`syscall ${number}`, Number(syscall(number, ...sixWords(args)))),
    prctl: (option, value) => checked('prctl', prctl(option, value, 0, 0, 0)),
    truncate: (path, bytes) => void checked('truncate', truncate(path, bytes)),
    dropCapabilities: () => {
      for (let capability = 0; capability <= lastPossibleCapability; capability++) prctl(capabilityBoundDrop, capability, 0, 0, 0);
      prctl(capabilityAmbient, capabilityAmbientClear, 0, 0, 0);
      checked('capset', capset(capabilityHeader(), Buffer.alloc(24)));
    },
    resetSignals: () => {
      for (let number = 1; number <= lastSignal; number++) signal(number, defaultAction);
    },
    closeFilesOnExec: () => {
      for (const descriptor of readdirSync('/proc/self/fd').map(Number))
        if (descriptor > 2) fcntl(descriptor, setDescriptorFlags, closeOnExec);
    },
  };
}

/** A system call takes words: numbers and addresses alike. */
function sixWords(args: readonly Argument[]): (bigint | Buffer | null)[] {
  const words = args.map((argument) => (typeof argument === 'number' ? BigInt.asUintN(64, BigInt(argument)) : argument));
  return [...words, ...Array<null>(6 - words.length).fill(null)];
}

function capabilityHeader(): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(capabilityVersion, 0);
  return header;
}

/** Its native part alone: the package's own loader takes ten times as long, and finds nothing from a bundle. */
export function loadKoffi(): typeof Koffi {
  const load = createRequire(import.meta.url);
  const failures: unknown[] = [];
  for (const path of nativeParts()) {
    try {
      return load(path);
    } catch (error) {
      // Not this place, or made for the other C library.
      failures.push(error);
    }
  }
  throw failures[0];
}

/** Beside the bundle, or in the package when run from sources; each for glibc and for musl. */
function nativeParts(): string[] {
  const { arch } = process;
  const folder = `@koromix/koffi-linux-${arch}`;
  return [
    `./native/koffi/linux-${arch}.node`,
    `./native/koffi/linuxmusl-${arch}.node`,
    `${folder}/linux_${arch}/koffi.node`,
    `${folder}/musl_${arch}/koffi.node`,
  ];
}
