/** What came of the probes in one setting. */
import type { SandboxState } from '../../../server/protocol/sandbox.ts';
import type { GapAxis } from '../../../server/sandbox/gaps.ts';

export type Outcome = {
  readonly probe: string;
  readonly axis: GapAxis;
  /** What the probe found, without the secret. */
  readonly answer: string;
  readonly isThrough: boolean;
  /** Whether the state of the fence says that it could get through. */
  readonly isNamed: boolean;
};

export type SettingReport = {
  /** Null without a fence. */
  readonly state: SandboxState | null;
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
};
