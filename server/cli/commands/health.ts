/** `agor health`: the state of the backend and of what it runs. */
import type { Command } from 'commander';
import { buildId, type Health } from '../../protocol/health.ts';
import { shortId } from '../../protocol/ids.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { durationText } from '../time-text.ts';

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

function healthLines(health: Health, { now, style }: { readonly now: number; readonly style: Style }): string[] {
  const rows = health.sidecars.map((sidecar) => [
    shortId(sidecar.agentId),
    String(sidecar.pid),
    sidecar.connected ? sidecar.state : `${sidecar.state}, not connected`,
    durationText(now - sidecar.startedAt),
  ]);
  return [
    `Backend        ${style(health.state === 'healthy' ? 'green' : 'red', health.state)}, pid ${health.pid}, up ${durationText(Math.max(0, now - health.startedAt))}`,
    ...health.problems.map((problem) => `               ${oneLine(problem, 1000)}`),
    `Build          ${buildId(health.build)}, Node ${health.build.nodeVersion}`,
    `Data           ${oneLine(health.dataDir, 1000)}`,
    `Connected      ${health.clients} (windows and commands, this one included)`,
    `Questions      ${health.openApprovals} open`,
    `Sandbox        ${health.sandbox}${health.sandbox === 'off' ? ': agents can do what you can do' : ''}`,
    ...(rows.length > 0 ? ['', ...table(['AGENT', 'PID', 'STATE', 'UP'], rows)] : []),
  ];
}
