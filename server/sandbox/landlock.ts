/** Landlock: what this process and its children may do with files, ports and other processes, for good. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { LauncherPolicy } from './launcher-policy.ts';
import { type Libc, LibcError } from './libc.ts';

/** The newest that is known here; a newer kernel is used as if it had this. */
export const knownLandlockAbi = 7;

/** The same numbers on every machine. */
const createRuleset = 444;
const addRule = 445;
const restrictSelf = 446;
const askVersion = 1;
const pathRule = 1;
const portRule = 2;

const execute = 1n << 0n;
const writeFile = 1n << 1n;
const readFile = 1n << 2n;
const readFolder = 1n << 3n;
const refer = 1n << 13n;
const truncate = 1n << 14n;
const deviceControl = 1n << 15n;
const everything = (1n << 16n) - 1n;
const onFiles = execute | writeFile | readFile | truncate | deviceControl;
const reading = execute | readFile | readFolder;

const bindPort = 1n;
const connectPort = 2n;
/** Abstract sockets and signals beyond the fence. */
const scopes = 3n;

/** Opens a place without reading it; Node has no name for it. */
const openPath = 0x200000;

/** 0 when the kernel has no Landlock, or it is switched off. */
export function usableAbi(libc: Libc, maxAbi: number): number {
  try {
    return Math.min(libc.syscall(createRuleset, null, 0, askVersion), maxAbi, knownLandlockAbi);
  } catch (error) {
    if (error instanceof LibcError) return 0;
    throw error;
  }
}

/** Holds for the calling thread and what it executes, so the caller must not live on with others. */
export function applyLandlock(libc: Libc, policy: LauncherPolicy, abi: number): void {
  const attributes = rulesetAttributes(policy, abi);
  const ruleset = libc.syscall(createRuleset, attributes, attributes.length, 0);
  for (const path of policy.read) allowPath(libc, ruleset, path, reading);
  for (const path of policy.list) allowPath(libc, ruleset, path, readFolder);
  for (const path of policy.write) allowPath(libc, ruleset, path, fileRights(abi));
  if (abi >= 4) {
    for (const port of listed(policy.tcpBind)) allow(libc, ruleset, portRule, portAttributes(bindPort, port));
    for (const port of listed(policy.tcpConnect)) allow(libc, ruleset, portRule, portAttributes(connectPort, port));
  }
  libc.syscall(restrictSelf, ruleset, 0);
  closeSync(ruleset);
}

/** All that this version can hold back: what is not named in it stays free. */
export function fileRights(abi: number): bigint {
  const missing = [abi < 2 && refer, abi < 3 && truncate, abi < 5 && deviceControl];
  return missing.reduce<bigint>((rights, right) => (right ? rights & ~right : rights), everything);
}

/** Three 64-bit words, of which older versions know only the first, or the first two. */
export function rulesetAttributes(policy: Pick<LauncherPolicy, 'tcpBind' | 'tcpConnect'>, abi: number): Buffer {
  const ports = (policy.tcpBind === 'any' ? 0n : bindPort) | (policy.tcpConnect === 'any' ? 0n : connectPort);
  const words = [fileRights(abi), ...(abi >= 4 ? [ports] : []), ...(abi >= 6 ? [scopes] : [])];
  return wordsToBuffer(words);
}

function allowPath(libc: Libc, ruleset: number, path: string, rights: bigint): void {
  const descriptor = openQuietly(path);
  if (descriptor === null) return;
  try {
    const place = fstatSync(descriptor);
    // All links were resolved before; this one was put there since.
    if (place.isSymbolicLink()) return;
    allow(libc, ruleset, pathRule, pathAttributes(place.isDirectory() ? rights : rights & onFiles, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function openQuietly(path: string): number | null {
  try {
    return openSync(path, openPath | constants.O_NOFOLLOW);
  } catch {
    // Missing, or out of reach anyway: nothing is given, which is the safe side.
    return null;
  }
}

function allow(libc: Libc, ruleset: number, type: number, attributes: Buffer): void {
  libc.syscall(addRule, ruleset, type, attributes, 0);
}

/** Packed: the rights, and the open place in the 4 bytes after them. */
function pathAttributes(rights: bigint, descriptor: number): Buffer {
  const attributes = Buffer.alloc(12);
  attributes.writeBigUInt64LE(rights, 0);
  attributes.writeInt32LE(descriptor, 8);
  return attributes;
}

function portAttributes(right: bigint, port: number): Buffer {
  return wordsToBuffer([right, BigInt(port)]);
}

function wordsToBuffer(words: readonly bigint[]): Buffer {
  const buffer = Buffer.alloc(words.length * 8);
  words.forEach((word, index) => {
    buffer.writeBigUInt64LE(word, index * 8);
  });
  return buffer;
}

function listed(ports: readonly number[] | 'any'): readonly number[] {
  return ports === 'any' ? [] : ports;
}
