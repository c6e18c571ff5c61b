/** Why a program that ended is not simply started again. Pure. */
import type { TurnEndReason } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ProgramExit } from './program.ts';
import type { ProgramEnd } from './program-ends.ts';

type Because = ProgramEnd['because'];

/** `lastTurn` is how the session's last turn ended. */
export function becauseOfExit(exit: ProgramExit, lastTurn: TurnEndReason | null): Because {
  if (exit.wasAsked) return 'ended';
  if (exit.code === 0) return 'clean';
  return lastTurn === 'failed' ? 'failedTurn' : null;
}

/** A program that is not there, may not be started, or wants a key, does not come up by being tried again. */
export function becauseOfFailure(error: unknown): Because {
  const isHopeless = error instanceof AgorError && hopelessCodes.includes(error.code);
  return isHopeless || hasSystemCause(error) ? 'wrongProgram' : null;
}

const hopelessCodes: readonly AgorError['code'][] = ['needsCredentials', 'refused', 'badRequest', 'untrusted'];

/** The system did not even start it; one that came up and ended has no such cause. */
function hasSystemCause(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('syscall' in error && 'code' in error) || hasSystemCause(error.cause);
}
