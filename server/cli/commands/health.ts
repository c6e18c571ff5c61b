/** `agor health`: the state of the backend and of what it runs. */
import type { Command } from 'commander';
import { buildId, type Health, type SidecarReport } from '../../protocol/health.ts';
import { shortId } from '../../protocol/ids.ts';
import type { SidecarHealth } from '../../protocol/supervision.ts';
import { fencedBy, fenceLines } from '../fence-text.ts';
import { incidentText } from '../incident-text.ts';
import { type Invocation, run } from '../invocation.ts';
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
    .description('Shows the state of the backend and of the processes it runs. It is started if it does not run.')
    .action(run(showHealth));
}

async function showHealth(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const health = await backend.call('health/get', {});
  return { json: health, lines: (style) => healthLines(health, { now: invocation.now, style }) };
}

export function healthLines(health: Health, view: View): string[] {
  const { now, style } = view;
  const { running, waiting, max } = health.turns;
  return [
    `Backend        ${style(health.state === 'healthy' ? 'green' : 'red', health.state)}, pid ${health.pid}, up ${durationText(Math.max(0, now - health.startedAt))}`,
    ...health.problems.map((problem) => `${indent}${oneLine(problem, 1000)}`),
    ...(health.incident ? [`Incident       ${style('yellow', incidentText(health.incident, now))}`] : []),
    `Build          ${buildId(health.build)}, Node ${health.build.nodeVersion}`,
    `Data           ${oneLine(health.dataDir, 1000)}`,
    `Connected      ${health.clients} (windows and commands, this one included)`,
    `Questions      ${health.openApprovals} open`,
    `Turns          ${running} of ${max} run${waiting > 0 ? `, ${waiting} wait` : ''}`,
    `Desktop        ${desktopText(health)}`,
    ...backupLines(health, now),
    ...sandboxLines(health, style),
    ...resourceLines(health),
    ...sidecarTable(health.sidecars, view),
  ];
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
