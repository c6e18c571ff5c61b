/** Builds and changes of build, as they stand in files. */
import type { BuildInfo } from '../../server/protocol/health.ts';
import type { Deployed, UpgradeRecord } from '../../server/protocol/upgrade.ts';

export function someBuild(name: string, buildTime: number): BuildInfo & { readonly contract: string } {
  return { version: `${name}.0`, gitSha: name, buildTime, nodeVersion: 'v24', contract: 'a' };
}

export function sampleDeployed(build: BuildInfo, programDir = `/runtime/${build.gitSha}`): Deployed {
  return { sha: build.gitSha, deployedAt: '2026-01-01T00:00:00.000Z', build, programDir, wireVersion: 3 };
}

export function sampleUpgrade(change: Partial<UpgradeRecord>): UpgradeRecord {
  return {
    state: 'trying',
    from: sampleDeployed(someBuild('older', 1)),
    to: sampleDeployed(someBuild('newer', 2)),
    process: { pid: 1, startTime: '1', bootId: 'b' },
    step: 'watch',
    stepAt: 0,
    stepLimitMs: 100,
    backups: null,
    startedAt: 0,
    endedAt: null,
    reason: null,
    isTold: false,
    ...change,
  };
}
