/** The backend is killed at each call that changes a file, for each verb: from its start over the verb to its end. */
import { killingAt, killPoints, strace } from '../inject.ts';
import type { Row } from '../row.ts';
import { runVerb } from '../run-verb.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';
import { type VerbPoint, type VerbWork, verbPoints, workers } from '../verb-points.ts';

const shortPoints = 10;

export const writePoints: Row = {
  name: 'write-points',
  needs: [strace],
  async run(context) {
    const work = { template: await makeTemplate(context), context, tally: new Tally() };
    const all = await verbPoints(work, { syscalls: killPoints, shortVerbs: 3 });
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    await sideBySide(points, workers, (point, worker) => killAt(point, worker, work));
    return work.tally.figures([`of ${all.length} of ${new Set(all.map(({ verb }) => verb)).size} verbs`]);
  },
};

async function killAt(point: VerbPoint, worker: number, { template, context, tally }: VerbWork): Promise<void> {
  const { verb, syscall, nth } = point;
  const dataDir = template.copy(`data-${worker}`);
  const { ledger } = await runVerb({ dist: context.dist, template, dataDir, verb, under: killingAt(point) });
  tally.points += 1;
  tally.acked += ledger.acked;
  const where = `${verb}, killed at ${syscall} ${nth}`;
  tally.conserve(ledger, dataDir, { where });
  tally.nextStart(dataDir, where);
}
