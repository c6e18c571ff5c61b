/** What a command's exit code means, and how each failure gets its own. */
import { CommanderError } from 'commander';
import { AgorError, type ErrorCode } from '../protocol/errors.ts';

export const exitCode = {
  ok: 0,
  /** Refused, failed, or ended otherwise than asked; the reason is on stderr. */
  refused: 1,
  wrongUsage: 2,
  /** Of `agor health` alone, as monitors expect it. */
  critical: 2,
  /** The backend could not be reached or started, or went away. */
  unreachable: 3,
  /** Left by Ctrl+C, as shells expect it. */
  leftByPerson: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The way to the backend failed, as opposed to the backend refusing something. */
export class UnreachableError extends AgorError {}

/** The command line itself is wrong in a way that the parser cannot see. */
export class UsageError extends AgorError {
  constructor(message: string) {
    super('badRequest', message);
  }
}

export type Failure = { readonly code: ErrorCode; readonly message: string; readonly exitCode: ExitCode };

/** Help and version that were asked for are successes; the parser reports them as errors too. */
export function isSuccess(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

export function asFailure(error: unknown): Failure {
  if (error instanceof CommanderError) return { code: 'badRequest', message: parserMessage(error), exitCode: exitCode.wrongUsage };
  if (error instanceof UsageError) return { code: error.code, message: error.message, exitCode: exitCode.wrongUsage };
  if (error instanceof UnreachableError) return { code: error.code, message: error.message, exitCode: exitCode.unreachable };
  if (error instanceof AgorError) return { code: error.code, message: error.message, exitCode: exitCode.refused };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `The command failed in an unforeseen way: ${message}`, exitCode: exitCode.refused };
}

function parserMessage(error: CommanderError): string {
  if (error.code === 'commander.help') return 'A command is missing; the list is above.';
  return error.message.replace(/^error: /, '');
}
