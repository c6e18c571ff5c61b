/**
 * What agents say, on its way into the transcripts: as fast as it can be taken from four programs that flood, against
 * JSON.parse alone and against readline with an insert for each line; and how long the event loop is held up while fifty
 * say 200 lines a second each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import { tellFigure } from './bench-figure.ts';
import { inTurns } from './in-turns.ts';
import { AgentsElsewhere } from './ingest-agents.ts';
import { Ingest, IngestedAgent } from './ingest-path.ts';
import { insertedByLine, onlyParsed } from './ingest-peers.ts';
import { stallMeter } from './stalls.ts';

const command = [process.execPath, join(root, 'test/fixtures/programs/says-lines.mjs')] as const;
const [flooding, linesEach] = [4, 40_000];
const [pacedAgents, pacedPerSecond, pacedSeconds] = [50, 200, 5];

const dir = mkdtempSync(join(tmpdir(), 'agor-bench-ingestion-'));
try {
  await measureFlood();
  await measurePaced();
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measureFlood(): Promise<void> {
  const environment = { SAYS_LINES: String(linesEach), SAYS_AT: 'start' };
  const environments = Array.from({ length: flooding }, () => environment);
  const took = await inTurns(3, {
    ours: () => withAgents(flooding, { SAYS_LINES: String(linesEach) }, allTurns),
    parsed: () => onlyParsed(command, environments),
    naive: () => insertedByLine(command, environments, join(dir, 'naive.db')),
  });
  const [product, limit, peer] = [
    rate('into the transcripts', took.ours),
    rate('only parsed', took.parsed),
    rate('readline, a row for each line', took.naive),
  ];
  const found = { atLeast: true, product, limit, peer };
  tellFigure({ name: 'ingestion, of JSON.parse alone', ratio: took.parsed / took.ours, target: 0.45, ...found });
  tellFigure({ name: 'ingestion, of an insert a line', ratio: took.naive / took.ours, target: 2.5, ...found });
}

/** The agents' own work is in another process, as in the product; the loop is that of whoever takes in what they did. */
async function measurePaced(): Promise<void> {
  const environment = { SAYS_LINES: String(pacedPerSecond * pacedSeconds), SAYS_PER_SECOND: String(pacedPerSecond) };
  const ingest = new Ingest();
  const doors = Array.from({ length: pacedAgents }, () => ingest.open());
  const agents = new AgentsElsewhere(doors, command[1], environment);
  try {
    await agents.start();
    const stalls = await stallMeter();
    await agents.turns();
    const { ours, idle } = await stalls();
    tellFigure({
      ...{ name: 'ingestion, loop delay p99 at 50 × 200 lines/s', ratio: ours.p99Ms, target: 16.7, atLeast: false, unit: 'ms' },
      peer: { what: 'of an idle process', value: idle.p99Ms, unit: 'ms' },
      note: `longest ${ours.longestMs.toFixed(1)} ms, of an idle process ${idle.longestMs.toFixed(1)} ms`,
    });
  } finally {
    await agents.close();
    ingest.close();
  }
}

async function allTurns(agents: readonly IngestedAgent[]): Promise<void> {
  await Promise.all(agents.map((agent) => agent.turn()));
}

/** How long the use takes, with programs that run already. */
async function withAgents(count: number, environment: Record<string, string>, use: (agents: readonly IngestedAgent[]) => Promise<void>) {
  const ingest = new Ingest();
  const agents = Array.from({ length: count }, () => new IngestedAgent(ingest.open(), command, environment));
  try {
    await Promise.all(agents.map((agent) => agent.start()));
    const begun = performance.now();
    await use(agents);
    return performance.now() - begun;
  } finally {
    await Promise.all(agents.map((agent) => agent.close()));
    ingest.close();
  }
}

function rate(what: string, tookMs: number) {
  return { what, value: (flooding * linesEach) / (tookMs / 1_000), unit: 'lines/s' };
}
