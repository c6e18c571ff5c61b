/** What a program tries from inside its fence: nothing gets through a fence that is full, and what does is named by the others. */

import esbuild from 'esbuild';
import type { Figures, Row } from '../row.ts';
import { isPossible, type ProbeFigures, runProbes } from '../sandbox/run-probes.ts';
import { furtherSettings, type Setting, settings } from '../sandbox/setting.ts';

const possible = settings.filter(isPossible);

/** The three settings that matter most; a short form tries one of them, another at each run. */
export const sandbox: Row = {
  name: 'sandbox',
  needs: [
    { what: 'bubblewrap and Landlock, or repository that another user can read', isThere: () => possible.length === settings.length },
  ],
  run: ({ size, random }) => probed(size === 'short' ? random.some(settings, 1) : settings),
};

/** Older kernels. */
export const sandboxFurther: Row = {
  name: 'sandbox-further',
  onlyLong: true,
  needs: sandbox.needs ?? [],
  run: () => probed(furtherSettings.filter(isPossible)),
};

async function probed(chosen: readonly Setting[]): Promise<Figures> {
  const found = await runProbes(chosen);
  // What the probes were built with would otherwise wait for more to build.
  await esbuild.stop();
  return {
    points: found.reduce((sum, { points }) => sum + points, 0),
    acked: 0,
    lost: 0,
    duplicates: 0,
    problems: found.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`)),
    notes: found.map(toldOf),
  };
}

function toldOf({ name, points, through, named }: ProbeFigures): string {
  return `${name}: ${through} of ${points} through, ${named} named`;
}
