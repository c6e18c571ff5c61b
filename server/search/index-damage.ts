/** What says that an index cannot be used, and not only that the disk or somebody else is in the way. */
import { AgorError } from '../protocol/errors.ts';

/** Something in it is not as it was written. */
export class UnfitIndex extends Error {}

export function isDamage(error: unknown): boolean {
  const cause = causeOf(error);
  if (cause instanceof UnfitIndex) return true;
  const code = codeOf(cause);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return true;
  // A schema of which a part is gone; what else is an error here is one of ours, and no reason to throw an index away.
  return (
    code === 'SQLITE_ERROR' &&
    cause instanceof Error &&
    /no such (table|column|module)|has no column|vtable constructor/.test(cause.message)
  );
}

/** Passes with room, rights or time; throwing the index away would not help. */
export function isPassing(error: unknown): boolean {
  return /^(SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM|PERM|AUTH)|E[A-Z]+$)/.test(codeOf(causeOf(error)));
}

function causeOf(error: unknown): unknown {
  return error instanceof AgorError && error.cause !== undefined ? error.cause : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
