/** How a program ended, in a few words. Pure. */
import { constants } from 'node:os';
import type { ProgramExit } from './program.ts';

/** What stands for a signal where only a code can be told: a sandbox does it as shells do. */
const signalCodes = 128;

export function exitReason({ code, signal }: Pick<ProgramExit, 'code' | 'signal'>): string {
  const name = signal ?? signalTold(code);
  return name === undefined ? `exit code ${code}` : `signal ${name}`;
}

function signalTold(code: number | null): string | undefined {
  if (code === null || code <= signalCodes) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - signalCodes)?.[0];
}
