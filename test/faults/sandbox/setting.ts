/** The settings in which the probes run: what of a fence a machine has. */
import type { SandboxHost } from '../../../server/sandbox/host.ts';

export type Setting = {
  readonly name: string;
  /** What is taken of this machine; null runs the probes without any fence. */
  readonly host: Partial<SandboxHost> | null;
  readonly needsBubblewrap: boolean;
  readonly landlockAbi: number;
};

export const settings: readonly Setting[] = [
  { name: 'bubblewrap and Landlock', host: {}, needsBubblewrap: true, landlockAbi: 7 },
  { name: 'Landlock alone', host: { bwrap: null }, needsBubblewrap: false, landlockAbi: 7 },
  { name: 'Landlock alone, version 1', host: { bwrap: null, maxLandlockAbi: 1 }, needsBubblewrap: false, landlockAbi: 1 },
];

/** What older kernels give, and what only bubblewrap does; for the long form. */
export const furtherSettings: readonly Setting[] = [
  { name: 'bubblewrap alone', host: { maxLandlockAbi: 0 }, needsBubblewrap: true, landlockAbi: 0 },
  ...[1, 2, 3, 4, 5, 6].map((landlockAbi) => ({
    name: `bubblewrap and Landlock ${landlockAbi}`,
    host: { maxLandlockAbi: landlockAbi },
    needsBubblewrap: true,
    landlockAbi,
  })),
  ...[2, 3, 4, 5, 6].map((landlockAbi) => ({
    name: `Landlock alone, version ${landlockAbi}`,
    host: { bwrap: null, maxLandlockAbi: landlockAbi },
    needsBubblewrap: false,
    landlockAbi,
  })),
];

/** That the probes can reach what they go for, when nothing holds them. */
export const noFence: Setting = { name: 'no fence', host: null, needsBubblewrap: false, landlockAbi: 0 };
