/** The power goes while four senders call a backend: at any moment of what it wrote and answered, replayed from a log. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, Ledger } from '../ledger.ts';
import { LiveBackend, playSidecar, recordSidecar, StageVoice } from '../live.ts';
import type { Random } from '../random.ts';
import { Disk } from '../recorder/power-cut.ts';
import { buildRecorder, compiler, readRecords, recorderEnvironment, type WriteRecord } from '../recorder/record.ts';
import type { Row, RowContext } from '../row.ts';
import { Stage, type StageFacts } from '../stage.ts';
import { Tally } from '../tally.ts';
import { makeTemplate, type Template } from '../template.ts';
import { verbs } from '../verbs.ts';

const cuts = { short: 40, long: 1_000 };
const callsPerSender = { short: 20, long: 250 };
/** Numbers of requests are apart, so that each answer in the log says whose it is. */
const idsPerSender = 1_000_000;

const told = [
  ...['approval/answerAll', 'rule/add', 'rule/remove'],
  ...['run/append', 'approval/answer', 'message/reply', 'message/read', 'screening/release', 'screening/discard'],
  ...['deadLetter/redeliver', 'deadLetter/discard', 'notice/markRead', 'notice/clear'],
];
const asked = [...verbs.keys()].filter((name) => !told.includes(name));
const senders: readonly (readonly string[])[] = [told, asked, asked, ['agent/prompt', 'view/put']];

/** A call, and the request whose answer acknowledged it. */
type Called = { readonly entry: Entry; readonly answeredBy: number };

export const powerLoss: Row = {
  name: 'power-loss',
  needs: [compiler],
  async run(context) {
    const template = await makeTemplate(context, senders.length - 1);
    const dataDir = template.copy('recorded');
    const disk = new Disk(new Map(globSync(join(dataDir, '*.db*')).map((path) => [path, readFileSync(path)])));
    const log = join(context.scratch, 'writes.log');
    const called = await recorded(dataDir, log, { template, context });
    const records = readRecords(log);
    const tally = new Tally();
    replay({ disk, records, called, context, tally });
    tally.acked = called.length;
    return tally.figures([`${records.length} things written, flushed or answered`]);
  },
};

/** Calls a backend that writes down what it does, until its end in order. */
async function recorded(
  dataDir: string,
  log: string,
  { template, context }: { template: Template; context: RowContext },
): Promise<Called[]> {
  recordSidecar(dataDir, template.stages[0], null);
  const environment = recorderEnvironment(buildRecorder(context.scratch), log, dataDir);
  const backend = new LiveBackend({ dist: context.dist, dataDir, environment });
  if (!(await backend.ready())) throw new Error(`the backend does not start under the recorder: ${backend.stderr}`);
  const called = await Promise.all(
    template.stages.map((facts) => send(backend, facts, { calls: callsPerSender[context.size], random: context.random.fork() })),
  );
  const last = await backend.client();
  await last.request('backend/stop', {});
  await backend.exited;
  last.close();
  return called.flat();
}

async function send(backend: LiveBackend, facts: StageFacts, { calls, random }: { calls: number; random: Random }): Promise<Called[]> {
  const stage = new Stage(facts);
  const names = senders[facts.index] ?? asked;
  const client = await backend.client((facts.index + 1) * idsPerSender);
  const voice = new StageVoice(client, names === told ? { stage, sidecar: await playSidecar(backend.dataDir, facts) } : undefined);
  const called: Called[] = [];
  for (let n = 1; n <= calls; n += 1) {
    const attempt = verbs.get(random.pick(names))?.attempt(stage, { name: `sender ${facts.index}`, n }, random);
    if (!attempt) throw new Error(`the table of verbs has none of ${names}`);
    const key = await attempt.perform(voice);
    called.push({ entry: { ...attempt.entry, key: key ?? attempt.entry.key }, answeredBy: voice.lastAnswered });
  }
  voice.close();
  return called;
}

type Replay = {
  readonly disk: Disk;
  readonly records: readonly WriteRecord[];
  readonly called: readonly Called[];
  readonly context: RowContext;
  readonly tally: Tally;
};

/** Goes through the log once, and cuts the power at moments of chance. */
function replay({ disk, records, called, context, tally }: Replay): void {
  const { random, scratch, size, points } = context;
  const moments = Array.from({ length: points ?? cuts[size] }, () => random.below(records.length)).sort((a, b) => a - b);
  const answered = new Set<number>();
  let at = 0;
  for (const moment of moments) {
    for (; at < moment; at += 1) {
      const record = records[at];
      if (record) disk.apply(record);
      if (record?.kind === 'sent') for (const id of answersIn(record.bytes)) answered.add(id);
    }
    const dataDir = join(scratch, 'cut');
    disk.cut(dataDir, random);
    tally.points += 1;
    tally.conserve(ledgerOf(called, answered), dataDir, { where: `cut at ${moment}` });
    tally.nextStart(dataDir, `cut at ${moment}`);
  }
}

/** A body begins with its number, so it is whole in the first part that is sent of it. */
function answersIn(bytes: Buffer): number[] {
  return [...bytes.toString('latin1').matchAll(/\{"jsonrpc":"2\.0","id":(\d+),"result":/g)].map(([, id]) => Number(id));
}

function ledgerOf(called: readonly Called[], answered: ReadonlySet<number>): Ledger {
  const ledger = new Ledger();
  for (const { entry } of called) ledger.intend(entry);
  for (const { entry, answeredBy } of called) if (answered.has(answeredBy)) ledger.ack(entry);
  return ledger;
}
