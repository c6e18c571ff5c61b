/** `agor runbook`: the procedures of whoever keeps an installation, and the report of one that was finished. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type ProcedureName, procedureNames, runbook } from '../../protocol/runbook.ts';
import { group } from '../command-group.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import { type Moment, moment } from '../moment.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { procedureLines, runbookLines } from '../runbook-text.ts';

type FinishOptions = { readonly all?: true; readonly done?: readonly number[]; readonly since?: Moment; readonly note?: string };

const hourMs = 3_600_000;

const help = `
Examples:
  agor runbook show daily
  agor runbook finish daily --all
  agor runbook finish incident --done 1,2,4,5 --since 3h --note "builder read a token from its environment"`;

export function addRunbookCommands(program: Command): void {
  const parent = group(program, {
    name: 'runbook',
    description: 'Procedures: daily check, deploy, full disk, damage, stuck agent, incident.',
  });
  parent.addHelpText('after', help);
  parent.command('list').summary('list the procedures').description('Lists the procedures.').action(run(list));
  parent
    .command('show')
    .summary('show the steps of one')
    .description('Shows the steps of a procedure, each with its command.')
    .addArgument(which())
    .action(run(show));
  parent
    .command('finish')
    .summary('keep a report of one that was gone through')
    .description(
      'Writes a report into the data directory and a row into the audit log: which steps were done, and the alerts of that time.',
    )
    .addArgument(which())
    .addOption(new Option('--done <numbers>', 'the steps that were done, as 1,2,5').argParser(numbers).conflicts('all'))
    .option('--all', 'all of them were done')
    .option('--since <when>', 'when it began: how long ago, as 2h, or a date; an hour ago unless told', moment)
    .option('-n, --note <text>', 'what was found or decided')
    .action(run(finish));
}

function which(): Argument {
  return new Argument('<procedure>', 'which one').choices([...procedureNames]);
}

function numbers(typed: string): number[] {
  const found = typed.split(',').map(Number);
  if (found.every((number) => Number.isInteger(number) && number > 0)) return found;
  throw new InvalidArgumentError('Give the numbers of steps with commas between them, as 1,2,5.');
}

async function list(): Promise<Outcome> {
  return { json: { procedures: procedureNames.map((name) => ({ name, ...runbook[name] })) }, lines: runbookLines };
}

async function show(_: Invocation, name: ProcedureName): Promise<Outcome> {
  return { json: { name, ...runbook[name] }, lines: (style) => procedureLines(name, style) };
}

async function finish(invocation: Invocation, procedure: ProcedureName, options: FinishOptions): Promise<Outcome> {
  const all = runbook[procedure].steps.map((_, index) => index + 1);
  const done = options.all ? all : options.done;
  if (!done) throw new UsageError('Say which steps were done, with --done 1,2,5 or --all.');
  const startedAt = options.since?.(invocation.now) ?? invocation.now - hourMs;
  const steps = done.map((step) => ({ step, doneAt: invocation.now }));
  const backend = await invocation.backend();
  const note = options.note === undefined ? {} : { note: options.note };
  const finished = await backend.call('runbook/finish', { procedure, startedAt, steps, ...note });
  const lines = () => [`${finished.done} of ${finished.of} steps were done. The report is ${oneLine(finished.report, 1000)}.`];
  return { json: finished, lines };
}
