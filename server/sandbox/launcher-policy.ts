/** What the launcher is told, as JSON in its arguments: everybody on the machine may read it, so it holds no secret. */
import type { ProcessIdentity } from '../base/process-identity.ts';

export type LauncherPolicy = {
  /** Landlock of less than this, and nothing is started; 0 starts the program without it. */
  readonly minLandlockAbi: number;
  /** Nothing newer than this is used. */
  readonly maxLandlockAbi: number;
  /** A path that is missing is left out. */
  readonly read: readonly string[];
  /** Names only, and not what the files hold. */
  readonly list: readonly string[];
  readonly write: readonly string[];
  readonly tcpConnect: readonly number[] | 'any';
  readonly tcpBind: readonly number[] | 'any';
  /** Tried inside the fence instead of starting a program; the answers go to stdout. */
  readonly attempts?: readonly Attempt[];
};

export type OutsideProcess = Pick<ProcessIdentity, 'pid' | 'startTime'>;

/** None of them leaves a trace, also when it succeeds. */
export type Attempt =
  /** Opens a file, lists a folder. */
  | { readonly kind: 'read'; readonly path: string }
  /** Opens a file for writing, makes a file in a folder; makes what is missing. */
  | { readonly kind: 'write'; readonly path: string }
  | { readonly kind: 'empty'; readonly path: string }
  | { readonly kind: 'inspect'; readonly path: string }
  | { readonly kind: 'changeMode'; readonly path: string }
  /** Whether a folder could get another name, and so make room for another one. */
  | { readonly kind: 'rename'; readonly path: string }
  /** Whether anything can be read there, or below. */
  | { readonly kind: 'find'; readonly path: string }
  | { readonly kind: 'signal'; readonly process: OutsideProcess }
  | { readonly kind: 'readProcess'; readonly process: OutsideProcess; readonly entry: 'environ' | 'cmdline' }
  /** Whether the process is in the same namespace as ours, which `link` names. */
  | { readonly kind: 'share'; readonly namespace: 'pid' | 'ipc'; readonly link: string }
  /** A path, or a name after a zero byte. */
  | { readonly kind: 'connect'; readonly socket: string }
  | { readonly kind: 'tcp'; readonly port: number }
  /** Held to have arrived only when it is answered. */
  | { readonly kind: 'udp'; readonly port: number }
  /** Whether any capability is left, or can be gained by starting a program. */
  | { readonly kind: 'privilege' };

export type LauncherReport = {
  /** What of Landlock is in force; 0 is nothing. */
  readonly landlockAbi: number;
  /** One for each attempt, in their order: "ok", or the name of the error. */
  readonly answers: readonly string[];
};

/** The launcher could not raise the fence, or not find the program; what shells use for "cannot be executed". */
export const launcherFailureCode = 126;
