/** `agor health`: the state of the backend and of what it runs. */
import { type Command, InvalidArgumentError } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { buildId, type Health, type SidecarReport } from '../../protocol/health.ts';
import { shortId } from '../../protocol/ids.ts';
import type { SidecarHealth } from '../../protocol/supervision.ts';
import { exitCode } from '../exit-codes.ts';
import { fencedBy, fenceLines } from '../fence-text.ts';
import { findHealthFile, type HealthCheck, judgeHealth } from '../health-check.ts';
import { incidentText } from '../incident-text.ts';
import { type Invocation, run } from '../invocation.ts';
import { bytesText } from '../metrics-text.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText, durationText } from '../time-text.ts';

type View = { readonly now: number; readonly style: Style };

/** Of the column that the labels stand in. */
const indent = ' '.repeat(15);

export function addHealthCommand(program: Command): void {
  program
    .command('health')
    .summary('show the state of the backend and of what it runs')
    .description('Shows the state of the backend and of the processes it runs.')
    .option('--check', 'only say in one line whether it is alive, for monitors')
    .option('--max-age <seconds>', 'how old its last good round may be, instead of health.maxAgeSec', wholeSeconds)
    .addHelpText('after', help)
    .action(run(showHealth));
}

const help = `
It starts no backend, so that it shows what there is; only with --json, as before a program's first request, one is
started where none runs.

Exit codes: 0 it is alive and answers; 2 CRITICAL: it does not run, or its last good round is older than 30 s
(health.maxAgeSec), or it does not answer; 3 it is alive but refuses this command.`;

type Options = { readonly check?: true; readonly maxAge?: number };

async function showHealth(invocation: Invocation, { check: isCheck, maxAge }: Options): Promise<Outcome> {
  if (invocation.json && !isCheck) return answered(await (await invocation.backend()).call('health/get', {}), invocation.now);
  const found = findHealthFile(invocation.dataDir);
  const check = judgeHealth(found, invocation.now, maxAge);
  if (check.status === 'CRITICAL') return critical(check);
  const askedAt = performance.now();
  try {
    const backend = await invocation.attached();
    const health = await backend.call('health/get', {});
    const text = `${check.text}; answered in ${Math.round(performance.now() - askedAt)} ms`;
    return isCheck ? checked({ ...check, text }) : answered(health, invocation.now, text);
  } catch (error) {
    if (error instanceof AgorError && error.code === 'unavailable') return critical({ ...check, text: `CRITICAL: ${error.message}` });
    throw error;
  }
}

function answered(health: Health, now: number, check?: string): Outcome {
  return { json: health, lines: (style) => healthLines(health, { now, style }, check) };
}

function checked({ status, text, ageSec }: HealthCheck): Outcome {
  return { json: { status, text, ageSec }, lines: () => [oneLine(text, 1000)] };
}

function critical(check: HealthCheck): Outcome {
  return { ...checked({ ...check, status: 'CRITICAL' }), exitCode: exitCode.critical };
}

function wholeSeconds(typed: string): number {
  if (/^[1-9]\d{0,5}$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Give a whole number of seconds.');
}

export function healthLines(health: Health, view: View, check?: string): string[] {
  const { now, style } = view;
  const { running, waiting, max } = health.turns;
  return [
    `Backend        ${style(health.state === 'healthy' ? 'green' : 'red', health.state)}, pid ${health.pid}, up ${durationText(Math.max(0, now - health.startedAt))}`,
    ...health.problems.map((problem) => `${indent}${oneLine(problem, 1000)}`),
    ...(health.incident ? [`Incident       ${style('yellow', incidentText(health.incident, now))}`] : []),
    ...(check === undefined ? [] : [`Check          ${oneLine(check, 1000)}`]),
    `Build          ${buildId(health.build)}, Node ${health.build.nodeVersion}`,
    `Data           ${oneLine(health.dataDir, 1000)}`,
    `Connected      ${health.clients} (windows and commands, this one included)`,
    `Questions      ${health.openApprovals} open`,
    `Turns          ${running} of ${max} run${waiting > 0 ? `, ${waiting} wait` : ''}`,
    `Desktop        ${desktopText(health)}`,
    ...backupLines(health, now),
    ...sandboxLines(health, style),
    ...resourceLines(health),
    ...checkpointLines(health, now),
    ...sidecarTable(health.sidecars, view),
  ];
}

/** None in the first minutes. */
function checkpointLines({ checkpoints = [] }: Health, now: number): string[] {
  return checkpoints.map(({ database, at, walBytes, isBusy, logFrames, checkpointedFrames }) => {
    const done = isBusy ? `${checkpointedFrames} of ${logFrames} frames brought over, because something reads it` : 'emptied';
    return `Log            ${database}: ${bytesText(walBytes)}, ${done} ${agoText(at, now)}`;
  });
}

function backupLines({ backups }: Health, now: number): string[] {
  if (!backups) return [];
  const { lastGoodAt, lastDrillAt, nextAt, isDrillDue } = backups;
  const last = lastGoodAt === null ? 'none yet' : `the last good one ${agoText(lastGoodAt, now)}`;
  const drill = lastDrillAt === null ? 'none was tried out yet' : `tried out ${agoText(lastDrillAt, now)}`;
  const due = isDrillDue ? '; it is time for "agor backup drill"' : '';
  return [`Backups        ${last}, the next one at ${new Date(nextAt).toISOString()}; ${drill}${due}`];
}

function desktopText({ desktopNotices: { state, detail } }: Health): string {
  if (state === 'off') return 'notices are not shown on the desktop, as is set';
  if (state === 'untried') return 'no notice was shown yet';
  return state === 'shown' ? `notices are shown by ${oneLine(detail)}` : `notices cannot be shown: ${oneLine(detail, 1000)}`;
}

function sandboxLines({ sandbox }: Health, style: Style): string[] {
  if (!sandbox) return ['Sandbox        not tried out yet'];
  const [first = '', ...rest] = fenceLines(sandbox);
  return [`Sandbox        ${style(sandbox.files === 'full' ? 'green' : 'yellow', first)}`, ...rest.map((line) => indent + line)];
}

function resourceLines({ resources }: Health): string[] {
  if (!resources) return [];
  return [`Resources      bounded by ${fencedBy(resources)}`, ...resources.gaps.map((gap) => indent + oneLine(gap, 1000))];
}

function sidecarTable(sidecars: readonly SidecarReport[], view: View): string[] {
  if (sidecars.length === 0) return [];
  const rows = sidecars.map((sidecar) => {
    const { agentId, runId, pid, connected, state, startedAt, health } = sidecar;
    const isMissed = runId !== null && !connected;
    return [
      shortId(agentId),
      runId === null ? '-' : String(pid),
      isMissed ? `${state}, not connected` : state,
      runId === null ? '-' : durationText(view.now - startedAt),
      supervisionText(health, view.now),
    ];
  });
  return ['', ...table(['AGENT', 'PID', 'STATE', 'UP', 'SIDECAR'], rows)];
}

function supervisionText(health: SidecarHealth, now: number): string {
  if (health.state === 'healthy') return 'healthy';
  const why = oneLine(health.lastError);
  if (health.state === 'failed') return `failed after ${health.attempts} (${health.reason}): ${why}`;
  return `restart ${health.attempt} in ${Math.ceil(Math.max(0, health.nextRetryAt - now) / 1000)} s: ${why}`;
}
