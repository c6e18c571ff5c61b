/** What a backend that has just become the owner finds of an earlier change of build, and what follows from it. Pure. */
import { type BuildInfo, buildId } from '../protocol/health.ts';
import type { RefusedBuild, UpgradeRecord } from '../protocol/upgrade.ts';

export type Settlement =
  | { readonly kind: 'nothing' }
  /** The build on trial is gone without having proved itself, or a way back was cut short. */
  | { readonly kind: 'goBack'; readonly reason: string };

/** The caller owns the data directory, so whoever was on trial is gone. */
export function settlement(upgrade: UpgradeRecord | undefined, now: number): Settlement {
  if (upgrade?.state === 'goingBack') return { kind: 'goBack', reason: upgrade.reason ?? 'it did not prove itself' };
  if (upgrade?.state !== 'trying') return { kind: 'nothing' };
  return { kind: 'goBack', reason: upgrade.reason ?? endedText(upgrade, now) };
}

function endedText({ step, stepAt, stepLimitMs }: UpgradeRecord, now: number): string {
  if (now - stepAt > stepLimitMs) return `it hung (${doing[step]})`;
  return step === 'watch' ? 'it ended a moment after it had come up' : `it ended while it was on its way up (${doing[step]})`;
}

const doing = { backup: 'while it made the backup', migrate: 'while it changed the databases', watch: 'after it had started' } as const;

/** One sentence on why this build does not start here, and the way on. */
export function refusalText(own: BuildInfo, { reason }: RefusedBuild): string {
  return `Version ${own.version} (${own.gitSha.slice(0, 9)}) did not prove itself on this data directory: ${reason}. Run "agor upgrade retry" to try it again.`;
}

export function isSameBuild(a: BuildInfo, b: BuildInfo): boolean {
  return buildId(a) === buildId(b);
}
