/** The calls that a backend makes for each verb, from its start over the verb to its end: each is a point at which it can fail. */
import { join } from 'node:path';
import { callsIn, counting, type Point } from './inject.ts';
import type { RowContext } from './row.ts';
import { runVerb } from './run-verb.ts';
import { sideBySide } from './side-by-side.ts';
import type { Tally } from './tally.ts';
import type { Template } from './template.ts';
import { verbs } from './verbs.ts';

export type VerbPoint = Point & { readonly verb: string };

export type VerbWork = { readonly template: Template; readonly context: RowContext; readonly tally: Tally };

export type Counted = {
  readonly syscalls: readonly string[];
  /** Only what is done to these; everything without. */
  readonly files?: (dataDir: string) => readonly string[];
  /** How many verbs a short form tries, others at each run. */
  readonly shortVerbs: number;
};

export const workers = 2;
/** Starting is the same for all: its points are tried with one verb. */
const verbOfStart = 'view/put';

export async function verbPoints(work: VerbWork, counted: Counted): Promise<VerbPoint[]> {
  const { random, size } = work.context;
  const names = random.some([...verbs.keys()], size === 'short' ? counted.shortVerbs : verbs.size);
  const points: VerbPoint[] = [];
  await sideBySide(names, workers, async (verb, worker) => void points.push(...(await pointsOf(verb, { ...work, ...counted, worker }))));
  return points;
}

type One = VerbWork & Counted & { readonly worker: number };

/** By a run in which nothing goes wrong. */
async function pointsOf(verb: string, { template, context, tally, syscalls, files, worker }: One): Promise<VerbPoint[]> {
  const log = join(context.scratch, `calls-${worker}.log`);
  const dataDir = template.copy(`data-${worker}`);
  let before = new Map<string, number>();
  const onReady = () => {
    before = callsIn(log);
  };
  const under = counting(syscalls, log, files?.(dataDir));
  const outcome = await runVerb({ dist: context.dist, template, dataDir, verb, under, onReady });
  if (outcome.ledger.acked !== 1 || !outcome.endedInOrder) tally.problem(`${verb} fails even when nothing is wrong: ${outcome.refusal}`);
  return [...callsIn(log)].flatMap(([syscall, last]) => {
    const first = verb === verbOfStart ? 1 : (before.get(syscall) ?? 0) + 1;
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({ verb, syscall, nth: first + index }));
  });
}
