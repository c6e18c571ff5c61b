/** Opens a file by io_uring, whose work the kernel does on its own threads. */
import { getSystemErrorName } from 'node:util';
import { addressOf, mapFile, syscall } from './calls.ts';

const setup = 425;
const enter = 426;
const openAt = 18;
const currentFolder = -100;
const waitForOne = 1;
const entryBytes = 64;
const entriesOffset = 0x10000000;
const completionsOffset = 0x8000000;

/** Answers the descriptor. */
export function openByRing(path: string): number {
  const parameters = Buffer.alloc(120);
  const ring = syscall(setup, 1, parameters);
  const at = (offset: number) => parameters.readUInt32LE(offset);
  const submissions = mapFile(ring, at(64) + 4, 0);
  const entries = mapFile(ring, entryBytes, entriesOffset);
  const completions = mapFile(ring, at(100) + 32, completionsOffset);
  const name = Buffer.from(`${path}\0`);
  entries.writeUInt8(openAt, 0);
  entries.writeInt32LE(currentFolder, 4);
  entries.writeBigUInt64LE(addressOf(name), 16);
  submissions.writeUInt32LE(0, at(64));
  submissions.writeUInt32LE(submissions.readUInt32LE(at(44)) + 1, at(44));
  syscall(enter, ring, 1, 1, waitForOne, null, 0);
  const result = completions.readInt32LE(at(100) + 8);
  if (result < 0) throw Object.assign(new Error(`open ${name.length}`), { code: getSystemErrorName(result) });
  return result;
}
