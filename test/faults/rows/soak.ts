/** The soak in small: the same agents, callers and faults, closer together. What grows slowly only `npm run soak` shows. */
import { soakFor } from '../../soak/soak-course.ts';
import { SoakWorld } from '../../soak/soak-world.ts';
import type { Figures, Row, RowContext } from '../row.ts';

const minutes = { short: 0.5, long: 2 };
const faultEveryMs = 8_000;
const pace = { agents: 2, callEveryMs: 200, promptEveryMs: 1_500 };

export const soak: Row = {
  name: 'soak',
  needs: [{ what: '/proc', isThere: () => process.platform === 'linux' }],
  onlyLong: true,
  run: soaked,
};

async function soaked({ dist, scratch, random, size, points }: RowContext): Promise<Figures> {
  const world = await SoakWorld.open({ ...pace, dist, scratch, random: random.fork() });
  try {
    const durationMs = points === undefined ? minutes[size] * 60_000 : (points + 1) * faultEveryMs;
    const { faults, readings } = await soakFor(world, { durationMs, faultEveryMs, readEveryMs: 2_000, random: random.fork() });
    await world.rest();
    world.look('all', 'at the end');
    const largestWal = Math.max(...readings.map(({ files }) => files.walBytes)) / 1_048_576;
    return { ...world.figures(), points: faults.length, notes: [`largest WAL ${largestWal.toFixed(1)} MB`] };
  } finally {
    await world.close();
  }
}
