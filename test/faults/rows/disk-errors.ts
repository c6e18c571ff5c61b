/**
 * The disk refuses at each call that the databases make: once, as on a fault that passes, and from then on, as on a
 * full disk. The verb is then refused in words, and everything else goes on.
 */
import { dataPaths } from '../../../server/base/data-paths.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { diskPoints, failingAt, strace } from '../inject.ts';
import type { Row } from '../row.ts';
import { runVerb, type VerbOutcome } from '../run-verb.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';
import { type VerbPoint, type VerbWork, verbPoints, workers } from '../verb-points.ts';

const failures = [
  { error: 'EIO', onwards: false },
  { error: 'ENOSPC', onwards: true },
] as const;

type ErrorPoint = VerbPoint & { readonly failure: (typeof failures)[number] };

const shortPoints = 10;

export const diskErrors: Row = {
  name: 'disk-errors',
  needs: [strace],
  async run(context) {
    const work = { template: await makeTemplate(context), context, tally: new Tally() };
    const calls = await verbPoints(work, { syscalls: diskPoints, files: databaseFiles, shortVerbs: 2 });
    const all = failures.flatMap((failure) => calls.map((point) => ({ ...point, failure })));
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    let refused = 0;
    await sideBySide(points, workers, async (point, worker) => {
      if (await failAt(point, worker, work)) refused += 1;
    });
    return work.tally.figures([`of ${all.length} of ${new Set(all.map(({ verb }) => verb)).size} verbs`, `${refused} refused in words`]);
  },
};

/** Whether something was refused. */
async function failAt(point: ErrorPoint, worker: number, { template, context, tally }: VerbWork): Promise<boolean> {
  const { verb, syscall, nth, failure } = point;
  const dataDir = template.copy(`data-${worker}`);
  const under = failingAt(point, { ...failure, files: databaseFiles(dataDir) });
  const outcome = await runVerb({ dist: context.dist, template, dataDir, verb, under, thenAgain: !failure.onwards });
  tally.points += 1;
  tally.acked += outcome.ledger.acked;
  const where = `${verb}, ${failure.error} at ${syscall} ${nth}${failure.onwards ? ' and on' : ''}`;
  const wrong = wrongWith(outcome);
  if (wrong) tally.problem(`${where}: ${wrong}`);
  tally.conserve(outcome.ledger, dataDir, { where });
  tally.nextStart(dataDir, where);
  return outcome.refusal !== undefined || !outcome.wasReady;
}

/** A backend that cannot start says why; one that runs goes on, and refuses what it cannot keep. */
function wrongWith({ wasReady, endedInOrder, refusal, refusedAgain, stderr }: VerbOutcome): string | undefined {
  if (!wasReady) return saysStorage(stderr) ? undefined : `it did not start, and said: ${stderr.trim() || 'nothing'}`;
  if (!endedInOrder) return `it ended, or could not be asked any more: ${stderr.trim() || 'without a word'}`;
  if (refusal === undefined) return undefined;
  if (refusedAgain) return `refused once more after the disk was well again: ${refusal}`;
  const isTyped = refusal instanceof AgorError && refusal.code !== 'internal';
  return isTyped ? undefined : `refused without a reason that a person can act on: ${refusal}`;
}

function saysStorage(stderr: string): boolean {
  try {
    return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').code === 'storage';
  } catch {
    // It said something else, or nothing.
    return false;
  }
}

function databaseFiles(dataDir: string): string[] {
  const { sessionsDb, btmsgDb } = dataPaths(dataDir);
  return [sessionsDb, btmsgDb].flatMap((path) => ['', '-wal', '-shm', '-journal'].map((ending) => path + ending));
}
