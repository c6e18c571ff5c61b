/**
 * Reaches the program inside bubblewrap, which tells on a pipe which process it started: a signal to bubblewrap itself
 * would end the program without a warning.
 */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** What bubblewrap writes is a short line; anything longer is not from it. */
const mostInfoChars = 4_096;

export class InsideSandbox {
  #info = '';

  constructor(info: Readable) {
    info.setEncoding('utf8');
    info.on('data', (text: string) => {
      if (this.#info.length < mostInfoChars) this.#info += text;
    });
    // It closes with the sandbox, in whatever way.
    info.on('error', () => {});
  }

  /** The first process inside, by the number that it has outside; null before it is there. */
  get firstPid(): number | null {
    return childPidOf(this.#info);
  }

  /** Whether anything inside was there to take it. */
  signal(signal: NodeJS.Signals): boolean {
    return this.#programs().filter((pid) => hasSignalled(pid, signal)).length > 0;
  }

  /** The first process only waits for the program, which is its child. */
  #programs(): number[] {
    const first = this.firstPid;
    if (first === null) return [];
    try {
      return readFileSync(`/proc/${first}/task/${first}/children`, 'utf8')
        .split(' ')
        .map(Number)
        .filter((pid) => pid > 0);
    } catch {
      // It has ended.
      return [];
    }
  }
}

/** From `{ "child-pid": 42 }`; null while it is not there or not whole. */
export function childPidOf(info: string): number | null {
  const found = /"child-pid"\s*:\s*(\d+)\b(?=\s*[,}])/.exec(info)?.[1];
  return found === undefined ? null : Number(found);
}

function hasSignalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // It ended meanwhile.
    return false;
  }
}
