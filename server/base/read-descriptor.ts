/** Reads what whoever started this process gives it by a descriptor: a pipe, a socket or a file, once, to its end. */
import { close, constants, fstatSync, openSync, read, readdirSync, readFileSync, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { AgorError } from '../protocol/errors.ts';
import { delay } from './delay.ts';
import { within } from './within.ts';

const mostBytes = 1024 * 1024;
const pollMs = 20;
const defaultTimeoutMs = 10_000;

const readFrom = promisify(read);
const closeDescriptor = promisify(close);

/** Closes it when it has given something. Rejects with `badRequest` when it is not open, holds too much, or does not end in time. */
export async function readDescriptor(fd: number, timeoutMs = defaultTimeoutMs): Promise<string> {
  const own = openAgain(fd);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const whole = readWhole(own, signal);
    if (!(await within(whole, timeoutMs))) throw timeUp(fd, timeoutMs);
    const text = await whole;
    // What Node has for itself holds nothing that comes to an end, and closing it would end us.
    if (own !== fd && text !== '') await closeDescriptor(fd);
    return text;
  } catch (cause) {
    if (cause instanceof AgorError) throw cause;
    throw signal.aborted ? timeUp(fd, timeoutMs) : notReadable(fd, cause);
  } finally {
    await closeDescriptor(own);
  }
}

/**
 * Node has pipes and the like for itself, under numbers that a person may give by mistake; what is opened once more under
 * a number of our own stays as it is. Only a socket cannot be, and Node has none at its start.
 */
function openAgain(fd: number): number {
  try {
    const stat = fstatSync(fd);
    if (stat.isSocket()) return fd;
    if (stat.isFIFO() && isWrittenHere(stat)) throw new Error('both ends of the pipe are in this process');
    return openSync(`/dev/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw notReadable(fd, cause);
  }
}

/** Node's own pipes begin and end here, and one of them is a lock: to read from it would stop everything. */
function isWrittenHere({ dev, ino }: Stats): boolean {
  return readdirSync('/dev/fd')
    .map(Number)
    .some((fd) => {
      try {
        const stat = fstatSync(fd);
        return stat.dev === dev && stat.ino === ino && isForWriting(fd);
      } catch {
        // The descriptor of the listing itself, closed by now; or a system that does not tell.
        return false;
      }
    });
}

/** A shell may leave a second descriptor of the end that is read. */
function isForWriting(fd: number): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
  return (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
}

async function readWhole(fd: number, signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes <= mostBytes; ) {
    const part = await readPart(fd, signal);
    if (part.length === 0) return Buffer.concat(parts).toString('utf8');
    parts.push(part);
    bytes += part.length;
  }
  throw new AgorError('badRequest', `What the descriptor holds has more than ${mostBytes} bytes, which cannot be secrets.`);
}

/** It says that it has nothing yet, instead of waiting. */
async function readPart(fd: number, signal: AbortSignal): Promise<Buffer> {
  const part = Buffer.alloc(64 * 1024);
  for (;;) {
    try {
      const { bytesRead } = await readFrom(fd, part, 0, part.length, null);
      return part.subarray(0, bytesRead);
    } catch (error) {
      if (signal.aborted || !(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await delay(pollMs, signal);
    }
  }
}

function timeUp(fd: number, timeoutMs: number): AgorError {
  return new AgorError(
    'badRequest',
    `Descriptor ${fd} did not come to its end within ${timeoutMs / 1000} s. Close its other end after writing.`,
  );
}

function notReadable(fd: number, cause: unknown): AgorError {
  return new AgorError('badRequest', `Descriptor ${fd} cannot be read. Open it, as "${fd}< <(command)" does in a shell.`, { cause });
}
