/** `agor group`: the file that declares groups, projects and agents. */
import type { Command } from 'commander';
import type { GroupProblem, GroupReport } from '../../protocol/team.ts';
import { group } from '../command-group.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { agoText } from '../time-text.ts';

const help = `
groups.json declares who works together: groups, their projects, and the agents that lead and check. It is applied when
the backend starts and whenever it changes, whole or not at all: a file with an error leaves in force what was. It is
never written by the backend.

Examples:
  agor group show
  $EDITOR "$(agor group path)"
  agor group apply`;

export function addGroupCommands(program: Command): void {
  const groups = group(program, { name: 'group', description: 'Groups: what groups.json declares, and whether it is in force.' });
  groups.addHelpText('after', help);
  groups
    .command('show')
    .summary('show whether groups.json is in force, and what is wrong with it')
    .description('Shows whether groups.json is in force, and what is wrong with it, each fault with its line.')
    .action(run(showGroups));
  groups
    .command('apply')
    .summary('read groups.json and apply it now')
    .description('Reads groups.json and applies it now, whole or not at all.')
    .action(run(applyGroups));
  groups.command('path').summary('print where groups.json is').description('Prints where groups.json is.').action(run(printPath));
}

async function showGroups(invocation: Invocation): Promise<Outcome> {
  const report = await (await invocation.backend()).call('group/show', {});
  return { json: report, lines: () => reportLines(report, invocation.now) };
}

async function applyGroups(invocation: Invocation): Promise<Outcome> {
  const report = await (await invocation.backend()).call('group/apply', {});
  const isUsable = report.exists && report.isInForce;
  return { json: report, lines: () => reportLines(report, invocation.now), ...(isUsable ? {} : { exitCode: exitCode.refused }) };
}

async function printPath(invocation: Invocation): Promise<Outcome> {
  const { path } = await (await invocation.backend()).call('group/show', {});
  return { json: { path }, lines: () => [oneLine(path, 4096)] };
}

function reportLines(report: GroupReport, now: number): string[] {
  const problems = report.problems.map((problem) => `${report.path}:${problemText(problem)}`);
  return [stateText(report, now), ...problems, ...report.changes].map((line) => oneLine(line, 5000));
}

function stateText({ path, exists, isInForce, appliedAt }: GroupReport, now: number): string {
  const since = appliedAt === null ? '' : `, last changed ${agoText(appliedAt, now)}`;
  if (!exists && isInForce) return `There is no ${path}; agents of a project are a team by themselves.`;
  if (!exists) return `${path} is gone; what it declared stays in force${since}.`;
  return isInForce ? `${path} is in force${since}.` : `${path} cannot be used; what was in force before stays.`;
}

/** Lines and columns as people count them. */
function problemText({ severity, message, line, column }: GroupProblem): string {
  return `${line + 1}:${column + 1}: ${severity}: ${message}`;
}
