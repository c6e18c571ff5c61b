/** Whether a file is another one than it was, and when it became so. Pure; moments are in epoch milliseconds. */
import { type Span, slackMs } from './tool-times.ts';

export type FileState = { readonly mtimeMs: number; readonly ctimeMs: number; readonly size: number } | 'missing';
/** `at`: when that was looked at. */
export type FileLook = { readonly at: number; readonly state: FileState };

/** `knownAt`: when an agent last read or wrote it, for a file that was not looked at yet. Undefined: it has not changed. */
export function changeSpan(before: FileLook | undefined, { at, state }: FileLook, knownAt: number): Span | undefined {
  if (before ? isSame(before.state, state) : state !== 'missing' && state.mtimeMs <= knownAt + slackMs) return undefined;
  const since = before?.at ?? knownAt;
  const changedAt = momentOf(before?.state, state);
  // Of a file that is gone nothing tells when, nor does one whose clock is another than ours. What ended before the last
  // look has no part in it.
  if (changedAt === undefined || changedAt > at + slackMs) return { from: Math.min(since + slackMs, at), to: at };
  return { from: changedAt, to: changedAt };
}

/** One that an older copy was put in the place of has an older time of its content, but not of the change. */
function momentOf(before: FileState | undefined, state: FileState): number | undefined {
  if (state === 'missing') return undefined;
  const isNewer = before === undefined || before === 'missing' || state.mtimeMs > before.mtimeMs;
  return isNewer ? state.mtimeMs : state.ctimeMs;
}

function isSame(before: FileState, state: FileState): boolean {
  if (before === 'missing' || state === 'missing') return before === state;
  return before.mtimeMs === state.mtimeMs && before.size === state.size;
}
