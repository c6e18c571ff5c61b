/** Garbled command lines: each command ends by itself, with one of its exit codes and no stack trace. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { processesOf } from '../../../scripts/processes.ts';
import { endProcess, LiveBackend } from '../live.ts';
import type { Random } from '../random.ts';
import type { Row } from '../row.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';

const vectors = { short: 8, long: 400 };
const workers = 2;
const patienceMs = 30_000;
const exitCodes: readonly (number | null)[] = [0, 1, 2, 3];

/** Nothing here waits for a person, follows a log, starts a program or ends the backend. */
const ofAgor: readonly (readonly string[])[] = [
  ['project', 'add', '.', '--name', 'shop', '--json'],
  ['project', 'list'],
  ['project', 'remove', 'shop'],
  ['agent', 'add', 'builder', '--project', 'stage 0', '--provider', 'acp', '--model', 'm', '--', 'none', '--flag'],
  ['agent', 'configure', 'resting', '--model', 'm'],
  ['agent', 'list', '--project', 'stage 0', '--json'],
  ['agent', 'logs', 'resting', '--lines', '10'],
  ['agent', 'pause', 'resting'],
  ['agent', 'interrupt', 'paused'],
  ['agent', 'prompt', 'paused', 'hello', 'there', '--json'],
  ['session', 'list', '--agent', 'paused', '--limit', '10'],
  ['session', 'show', '--agent', 'paused'],
  ['session', 'new', 'resting'],
  ['approve', '--json'],
  ['deny', '00000000', '--message', 'no'],
  ['secret', 'list'],
  ['health', '--json'],
  ['log-level', '--agent', 'resting'],
  ['recover', '--json'],
  ['--version'],
  ['help', 'agent', 'add'],
];
const ofBttask: readonly (readonly string[])[] = [
  ['add', 'Sell', 'shoes', '--team', 'stage 0', '--priority', 'high', '--description', '-', '--assign', 'resting'],
  ['list', '--all', '--team', 'stage 0', '--state', 'todo', '--json'],
  ['board', '--team', 'stage 0'],
  ['status', '1', 'review', '--version', '1', '--before', '2'],
  ['edit', '#1', '--title', 'Sell hats', '--parent', 'none'],
  ['assign', '1', 'none'],
  ['comment', '1', 'It', 'works', '-j', '4'],
  ['show', '1', '--json'],
  ['delete', '1'],
  ['priorities'],
];
const ofBtmsg: readonly (readonly string[])[] = [
  ['inbox', '--all', '--limit', '5', '--json'],
  ['send', 'resting', 'Which', 'port?', '--team', 'stage 0', '--no-reply', '--attach', 'none'],
  ['reply', '4f21c0aa', 'On 8080.', '--ask'],
  ['channel', 'create', 'builders', '--team', 'stage 0', '--member', 'resting'],
  ['channel', 'history', 'builders', '--limit', '3'],
  ['history', 'resting', '--of', 'paused'],
  ['register', 'b1', 'builder', 'project', 'shop', '--tier', '2', '--cwd', '.'],
  ['graph', '--team', 'stage 0'],
  ['notify'],
];
const good = [
  ...ofAgor.map((argv) => ({ program: 'agor', argv })),
  ...ofBttask.map((argv) => ({ program: 'bttask', argv })),
  ...ofBtmsg.map((argv) => ({ program: 'btmsg', argv })),
];
type Line = (typeof good)[number];

export const fuzzArgv: Row = {
  name: 'fuzz-argv',
  async run(context) {
    const { dist, scratch, size, random } = context;
    const dataDir = (await makeTemplate(context)).copy('data');
    const tally = new Tally();
    const backend = new LiveBackend({ dist, dataDir });
    await backend.ready();
    const codes = new Map<number | null, number>();
    const all = Array.from({ length: context.points ?? vectors[size] }, () => garbledLine(random));
    await sideBySide(all, workers, async (line) => {
      const end = await runLine(line, { dist, dataDir, cwd: scratch });
      codes.set(end.code, (codes.get(end.code) ?? 0) + 1);
      tally.points += 1;
      const problem = problemOf(end);
      if (problem) tally.problem(`${line.program} ${JSON.stringify(line.argv)} ${problem}`);
    });
    const last = await backend.client();
    await last.request('backend/stop', {});
    if ((await backend.exited) !== 0) tally.problem(`the backend did not end in order: ${backend.stderr}`);
    // A garbled data directory has a backend of its own.
    for (const { pid } of processesOf(scratch)) endProcess(pid);
    return tally.figures([`exit codes ${[...codes].map(([code, count]) => `${code}: ${count}`).join(', ')}`]);
  },
};

function garbledLine(random: Random): Line {
  const { program, argv } = random.pick(good);
  return { program, argv: garbledVector(argv, random) };
}

function garbledVector(words: readonly string[], random: Random): string[] {
  const argv = words.flatMap((word) => (random.chance(0.1) ? [] : random.chance(0.2) ? [strangeWord(random)] : [word]));
  if (random.chance(0.3)) argv.splice(random.below(argv.length + 1), 0, strangeWord(random));
  return random.chance(0.2) ? [...argv, ...argv] : argv;
}

function strangeWord(random: Random): string {
  return random.pick([
    () => '',
    () => '--',
    () => '-',
    () => '--json',
    () => '--no-such-flag',
    () => '--data-dir=',
    () => `--${random.text(random.below(20)).replaceAll('\0', '')}`,
    () => random.text(random.below(200)),
    () => 'x'.repeat(random.below(100_000)),
    () => '-1',
    () => '1e999',
    () => '__proto__',
    () => 'constructor',
    () => '../../../../etc/passwd',
    () => '\u202e\u001b[2J',
  ])();
}

type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly output: string };
type Place = { readonly dist: string; readonly dataDir: string; readonly cwd: string };

function runLine({ program, argv }: Line, { dist, dataDir, cwd }: Place): Promise<End> {
  const env = { ...process.env, HOME: cwd, AGOR_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [join(dist, 'cli', `${program}.js`), ...argv], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

function problemOf({ code, signal, output }: End): string | undefined {
  if (signal) return `did not end by itself`;
  if (!exitCodes.includes(code)) return `ended with ${code}: ${output.slice(-500)}`;
  return /^\s+at .*(file:\/\/|node:internal|\.js:\d)/m.test(output) ? `shows a stack trace: ${output.slice(0, 1_000)}` : undefined;
}
