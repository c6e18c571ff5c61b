/** Which build serves a data directory, and how far the change to another one has come. */
import * as z from 'zod/mini';
import { BuildInfo } from './health.ts';

/** `deploy.json`: the build that serves the data directory, written once it has proved itself. */
export const Deployed = z.object({
  sha: z.string(),
  /** UTC, as in `2026-01-31T12:00:00.000Z`. */
  deployedAt: z.string(),
  build: BuildInfo,
  /** Where its programs lie. */
  programDir: z.string(),
  /** Which sidecars it can speak with; null of a build that did not say. */
  wireVersion: z.nullable(z.number()),
});
export type Deployed = z.infer<typeof Deployed>;

/** `trying` until it has proved itself; `goingBack` is finished by whichever backend comes next. */
export const UpgradeState = z.enum(['trying', 'done', 'goingBack', 'wentBack']);
export type UpgradeState = z.infer<typeof UpgradeState>;

export const UpgradeStep = z.enum(['backup', 'migrate', 'watch']);
export type UpgradeStep = z.infer<typeof UpgradeStep>;

/** `upgrade.json`: the last change of build. It stands on disk before anything else is changed. */
export const UpgradeRecord = z.object({
  state: UpgradeState,
  from: Deployed,
  to: Deployed,
  /** The backend that is on trial. */
  process: z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() }),
  step: UpgradeStep,
  stepAt: z.number(),
  /** What the step may take; one that takes longer hangs. */
  stepLimitMs: z.number(),
  /** Of both databases, in the folder of backups, from before the first migration; null where none was due. */
  backups: z.nullable(z.object({ sessions: z.nullable(z.string()), btmsg: z.nullable(z.string()) })),
  startedAt: z.number(),
  endedAt: z.nullable(z.number()),
  /** Why it went back, or is about to. */
  reason: z.nullable(z.string()),
  /** The person has been told that it went back. */
  isTold: z.boolean(),
});
export type UpgradeRecord = z.infer<typeof UpgradeRecord>;

/** A build that did not prove itself here: it is not started again until a person asks for it. */
export const RefusedBuild = z.object({ build: z.string(), reason: z.string(), at: z.number() });
export type RefusedBuild = z.infer<typeof RefusedBuild>;
