/** Which build is to serve a data directory, and how a caller of another one meets it. Pure. */
import { type BuildInfo, buildId, isFromSources, understandEachOther } from '../protocol/health.ts';
import type { UpgradeRecord } from '../protocol/upgrade.ts';

export type Meeting =
  /** Say hello; the backend decides. */
  | { readonly kind: 'greet' }
  /** It hands over to a newer build, which is tried out first. */
  | { readonly kind: 'takeOver' }
  /** It is older, and may go on. */
  | { readonly kind: 'stay' }
  | { readonly kind: 'refuse'; readonly why: string };

/** `refused`: why this build may not take over here, if it may not. */
export function meeting(own: BuildInfo, owner: BuildInfo, refused: string | undefined): Meeting {
  if (isFromSources(own) || isFromSources(owner)) return { kind: 'greet' };
  const isNewer = own.buildTime > owner.buildTime && buildId(own) !== buildId(owner);
  // An older one never makes a newer one go: two windows would start each their own for ever.
  if (!isNewer) return { kind: 'greet' };
  if (refused === undefined) return { kind: 'takeOver' };
  return understandEachOther(own, owner) ? { kind: 'stay' } : { kind: 'refuse', why: refusedText(own, owner, refused) };
}

export function refusedText(own: BuildInfo, owner: BuildInfo, refused: string): string {
  return `Version ${nameOf(own)} cannot be used on this data directory: ${refused.replace(/\.$/, '')}. Version ${nameOf(owner)} goes on, with its agents. Use that version, or run "agor upgrade retry" and reload to try this one again.`;
}

export type Serving = 'own' | 'deployed';

/** Without an owner: who is started. An older caller starts the newer build that has proved itself here, never an older one. */
export function whoServes(own: BuildInfo, deployed: BuildInfo | undefined, refused: string | undefined): Serving {
  if (!deployed || isFromSources(own) || buildId(own) === buildId(deployed)) return 'own';
  return refused !== undefined || deployed.buildTime > own.buildTime ? 'deployed' : 'own';
}

/** Of a backend on trial: `over` when it is none any more, `hangs` when a step of it takes too long. */
export function trialState(upgrade: UpgradeRecord | undefined, isAlive: boolean, now: number): 'none' | 'over' | 'runs' | 'hangs' {
  if (upgrade?.state !== 'trying' && upgrade?.state !== 'goingBack') return 'none';
  if (!isAlive) return 'over';
  return upgrade.state === 'trying' && now - upgrade.stepAt > upgrade.stepLimitMs ? 'hangs' : 'runs';
}

export function nameOf({ version, gitSha }: BuildInfo): string {
  return `${version} (${gitSha.slice(0, 9)})`;
}
