/** A probe: one way to reach past a fence, and how to tell whether it did. */
import type { GapAxis, GapName } from '../../../server/sandbox/gaps.ts';

/** What a hostile program would have found out about the machine. The secret itself is not in it. */
export type Place = {
  readonly projectDir: string;
  /** A worktree of it, the project of a second agent. */
  readonly worktreeDir: string;
  /** Files of the same user, given to nobody. */
  readonly outside: string;
  /** A copy of `id` that runs as root; null when the tests could not make one. */
  readonly rootProgram: string | null;
  readonly keyName: string;
  readonly decoy: Decoy;
};

/** Another program of the same user, that holds the secret in every way that a program can. */
export type Decoy = {
  readonly pid: number;
  readonly startTime: string;
  readonly socket: string;
  /** Without the zero byte before it. */
  readonly abstractName: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly dnsPort: number;
  /** One of its terminals. */
  readonly terminal: string;
  readonly sharedFile: string;
  readonly sharedMemoryId: number;
  readonly secretAddress: string;
  readonly secretFd: number;
  /** For the file with the secret, in base64. */
  readonly fileHandle: string;
};

export type Probe = {
  readonly name: string;
  readonly axis: GapAxis;
  /** What names it where it gets through; null where it never may. */
  readonly gap: GapName | null;
  /** Its own process is started by this. */
  readonly startedBy?: readonly string[];
  readonly project?: 'worktree';
  /** Inside. What the system refuses is thrown. */
  readonly attempt: (place: Place) => unknown;
  /** Outside and afterwards; a probe without it got through when it can tell the secret. */
  readonly gotThrough?: (place: Place, answer: string, secret: string) => boolean;
};

/** What the decoy noticed, a word a line. */
export function eventsFile({ outside }: Pick<Place, 'outside'>): string {
  return `${outside}/events`;
}
