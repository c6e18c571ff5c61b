/** `agor upgrade`: which build serves a data directory, whether this one could, and the change to it. */
import type { Command } from 'commander';
import { readBuildInfo } from '../../base/build-info.ts';
import { type DataPaths, dataPaths } from '../../base/data-paths.ts';
import { delay } from '../../base/delay.ts';
import { allowBuild, lookAtUpgrade, readDeployed, refusedBuilds } from '../../base/upgrade-files.ts';
import { foreignPrograms } from '../../launch/program-list.ts';
import { tryOut } from '../../launch/try-out.ts';
import { nameOf } from '../../launch/which-build.ts';
import { AgorError } from '../../protocol/errors.ts';
import { type BuildInfo, buildId, isFromSources } from '../../protocol/health.ts';
import type { Deployed, RefusedBuild, UpgradeRecord } from '../../protocol/upgrade.ts';
import { group } from '../command-group.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';

const pollMs = 100;
/** A trial is watched by its own limits; this is for one whose backend nobody hears of any more. */
const applyTimeoutMs = 5 * 60_000;

export function addUpgradeCommands(program: Command): void {
  const upgrade = group(program, { name: 'upgrade', description: 'The build that serves, and the change to another one.' });
  upgrade
    .command('status')
    .summary('show which build serves, and how the last change went')
    .description(
      'Shows the build that serves the data directory, the last change of build, and the builds that may not serve it. Starts nothing.',
    )
    .action(run(status));
  upgrade
    .command('verify')
    .summary('try this build out, on a copy of the data')
    .description(
      'Looks whether the programs of this build belong together, tries it out on a copy of the data, and starts the agent that comes along. Changes nothing.',
    )
    .action(run(verify));
  upgrade
    .command('apply')
    .summary('have this build serve, and wait until it has proved itself')
    .description(
      'Tries this build out, has the running backend hand over, and waits until this one has proved itself. Agents go on. Fails, with the reason, when it went back to the build before.',
    )
    .action(run(apply));
  upgrade
    .command('retry')
    .summary('let this build try again after it was refused')
    .description('Forgets that this build did not prove itself here. The next window or command of it tries again.')
    .action(run(retry));
}

async function status({ dataDir }: Invocation): Promise<Outcome> {
  const paths = dataPaths(dataDir);
  const found = {
    dataDir,
    own: readBuildInfo(distDir),
    deployed: readDeployed(paths) ?? null,
    last: lookAtUpgrade(paths) ?? null,
    refused: refusedBuilds(paths),
  };
  return { json: found, lines: () => statusLines(found) };
}

type Status = {
  readonly dataDir: string;
  readonly own: BuildInfo;
  readonly deployed: Deployed | null;
  readonly last: UpgradeRecord | null;
  readonly refused: readonly RefusedBuild[];
};

export function statusLines({ own, deployed, last, refused }: Status): string[] {
  return [
    `Serves         ${deployed ? `${nameOf(deployed.build)}, since ${deployed.deployedAt}, from ${oneLine(deployed.programDir, 1000)}` : 'no build yet'}`,
    `This command   ${nameOf(own)}${isFromSources(own) ? ', from sources' : `, built ${new Date(own.buildTime).toISOString()}`}`,
    ...(last ? [`Last change    ${changeText(last)}`] : []),
    ...refused.map(({ build, reason, at }) => `Refused        ${build} on ${new Date(at).toISOString()}: ${oneLine(reason, 1000)}`),
  ];
}

const stateText = { trying: 'is on trial', done: 'proved itself', goingBack: 'is being taken back', wentBack: 'was taken back' } as const;

function changeText({ state, from, to, reason, startedAt }: UpgradeRecord): string {
  const why = reason === null ? '' : `: ${oneLine(reason, 1000)}`;
  return `${nameOf(from.build)} to ${nameOf(to.build)} on ${new Date(startedAt).toISOString()}; the new one ${stateText[state]}${why}`;
}

async function verify({ dataDir }: Invocation): Promise<Outcome> {
  const own = readBuildInfo(distDir);
  requireBuilt(own);
  const wrong = foreignPrograms(distDir, own.buildTime);
  const found = wrong.length > 0 ? undefined : await tryOut(distDir, dataPaths(dataDir));
  const problems = [...wrong, ...(found ? [found.reason] : [])];
  if (problems.length > 0)
    throw new AgorError('unavailable', `${nameOf(own)} cannot be used on this data directory: ${problems.join(', ')}.`);
  const lines = [
    `${nameOf(own)} works on a copy of this data directory: its programs belong together, the databases open, and its agent answers.`,
  ];
  return { json: { build: own, works: true }, lines: () => lines };
}

async function apply(invocation: Invocation): Promise<Outcome> {
  const paths = dataPaths(invocation.dataDir);
  const own = readBuildInfo(distDir);
  requireBuilt(own);
  await invocation.backend();
  await untilSettled(paths);
  const deployed = readDeployed(paths);
  if (deployed && buildId(deployed.build) === buildId(own))
    return { json: { deployed }, lines: () => [`${nameOf(own)} serves ${oneLine(invocation.dataDir, 1000)}.`] };
  const reason = refusedBuilds(paths).find(({ build }) => build === buildId(own))?.reason ?? 'another build serves';
  throw new AgorError(
    'unavailable',
    `${nameOf(own)} does not serve: ${reason}. ${deployed ? `${nameOf(deployed.build)} goes on.` : ''}`.trim(),
  );
}

/** What settles a trial that broke off is the next backend, which this command starts as any other does. */
async function untilSettled(paths: DataPaths): Promise<void> {
  const deadline = performance.now() + applyTimeoutMs;
  while (lookAtUpgrade(paths)?.state === 'trying' || lookAtUpgrade(paths)?.state === 'goingBack') {
    if (performance.now() > deadline)
      throw new AgorError('unavailable', 'The new build neither proved itself nor went back. See "agor upgrade status".');
    await delay(pollMs);
  }
}

async function retry({ dataDir }: Invocation): Promise<Outcome> {
  const own = readBuildInfo(distDir);
  const wasRefused = allowBuild(dataPaths(dataDir), buildId(own));
  const line = wasRefused
    ? `${nameOf(own)} may try again: reload the window, or run "agor upgrade apply".`
    : `${nameOf(own)} was not refused here.`;
  return { json: { wasRefused }, lines: () => [line] };
}

function requireBuilt(own: BuildInfo): void {
  if (isFromSources(own))
    throw new AgorError('badRequest', 'This command runs from the sources, which are no build. Build first, and use dist/cli/agor.js.');
}
