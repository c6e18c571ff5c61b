/** `agor metrics`: how the fleet is, what sessions cost and did, and what the data directory holds. */
import type { Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { keptSessionMetrics } from '../../protocol/metrics.ts';
import { metricsCsv } from '../../protocol/metrics-csv.ts';
import { projectReference } from '../current-project.ts';
import { type Invocation, run } from '../invocation.ts';
import { historyLines, liveLines, storageLines } from '../metrics-text.ts';
import { type Outcome, write } from '../output.ts';
import { wholeNumber } from './whole-number.ts';

type Options = {
  readonly project?: string;
  readonly history?: boolean;
  readonly live?: boolean;
  readonly storage?: boolean;
  readonly csv?: boolean;
  readonly limit: number;
};

const help = `
A session is measured when a turn of it ends: completed, crashed or stopped. One that goes on later is measured anew when
that turn ends, and keeps its one row. Of each project the newest ${keptSessionMetrics} sessions are kept.

Examples:
  agor metrics                           how all agents are now, and who needs you
  agor metrics --history                 the last sessions of the project you are in
  agor metrics --history --csv > sessions.csv
  agor metrics --storage                 the size of databases, logs and folders`;

export function addMetricsCommand(program: Command): void {
  program
    .command('metrics')
    .summary('show what agents do, cost and take up')
    .description('Shows how the fleet is now; or what the last sessions of a project cost and did; or what the data directory holds.')
    .option('-p, --project <project>', 'the project of the history; without it, the one you are in')
    .option('--live', 'how all agents are now; this is what is shown without an option')
    .option('--history', 'the sessions of a project that ended last')
    .option('--storage', 'the size of what the data directory holds')
    .option('--csv', 'the history as comma-separated values')
    .option('-n, --limit <count>', 'how many sessions', wholeNumber, keptSessionMetrics)
    .addHelpText('after', help)
    .action(run(metrics));
}

async function metrics(invocation: Invocation, options: Options): Promise<Outcome> {
  const chosen = [options.live, options.history, options.storage].filter(Boolean).length;
  if (chosen > 1) throw new AgorError('badRequest', 'Only one of --live, --history and --storage can be shown at once.');
  if (options.storage) return storage(invocation);
  // What names a project, or asks for a table, means the history.
  if (options.history || (chosen === 0 && (options.csv || options.project !== undefined))) return history(invocation, options);
  if (options.csv) throw new AgorError('badRequest', 'Only the history can be had as CSV. Use --history --csv.');
  const backend = await invocation.backend();
  const live = await backend.call('metrics/live', {});
  return { json: live, lines: () => liveLines(live) };
}

async function history(invocation: Invocation, { project, limit, csv }: Options): Promise<Outcome> {
  const backend = await invocation.backend();
  const reference = await projectReference(invocation, project);
  const { sessions } = await backend.call('metrics/history', { project: reference, limit });
  if (!csv) return { json: { sessions }, lines: () => historyLines(sessions, invocation.now) };
  await write(process.stdout, metricsCsv(sessions));
  return { json: undefined, lines: () => [] };
}

async function storage(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const report = await backend.call('metrics/storage', {});
  return { json: report, lines: () => storageLines(report) };
}
