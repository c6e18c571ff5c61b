/** `agor incident`: every agent's fence is made narrower for a while. */
import type { Command } from 'commander';
import type { Incident } from '../../protocol/incident.ts';
import { incidentMinutes } from '../../protocol/incident-requests.ts';
import type { Result } from '../../protocol/requests.ts';
import { group } from '../command-group.ts';
import { exitCode } from '../exit-codes.ts';
import { incidentText } from '../incident-text.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { minutes } from '../span.ts';

type BeginOptions = { readonly for: number; readonly reason?: string };

const help = `
While it lasts, agents can read their project and write nothing but their own folder, and are not started where that
cannot be kept. By TCP they connect only to the port of their model's endpoint, where the kernel can hold that; "agor
sandbox explain" says whether it does. A fence cannot be made narrower around a program that
runs, so what runs is ended in order: prompts and mail wait, and go on in the narrow fence. It ends by itself; agents get
their own fences back when they are next started ("agor agent restart"). Time that the computer sleeps does not count.

Examples:
  agor incident begin --for 2h --reason "builder changed its own hooks"
  agor incident show
  agor incident end`;

const ownFences = 'Agents get their own fences back when they are next started; "agor agent restart" does so at once.';

export function addIncidentCommands(program: Command): void {
  const incident = group(program, { name: 'incident', description: 'Incident mode: narrower fences for all agents, for a while.' });
  incident.addHelpText('after', help);
  incident
    .command('begin')
    .summary('make the fences of all agents narrower')
    .description('Makes the fences of all agents narrower for a while. While an incident lasts, it gets the new time and reason.')
    .option('--for <time>', 'how long, as 30m, 2h or 1d; at most 7d', minutes, incidentMinutes.usual)
    .option('-r, --reason <text>', 'why, for the audit log')
    .action(run(begin));
  incident.command('end').summary('end it').description(`Ends it before its time. ${ownFences}`).action(run(end));
  incident
    .command('show')
    .summary('say whether an incident lasts')
    .description('Says whether an incident lasts, and until when.')
    .action(run(show));
}

async function begin(invocation: Invocation, options: BeginOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  const begun = await backend.call('incident/begin', { forMinutes: options.for, ...reason });
  const code = begun.notEnded.length === 0 ? exitCode.ok : exitCode.refused;
  return { json: begun, lines: () => begunLines(begun, invocation.now), exitCode: code };
}

function begunLines({ incident, ended, notEnded }: Result<'incident/begin'>, now: number): string[] {
  return [
    incidentText(incident, now),
    `Ended, to be started with a narrow fence: ${ended}.`,
    ...notEnded.map(
      ({ agent, why }) => `Still running with its wide fence: ${oneLine(agent, 40)} (${oneLine(why, 300)}). End it with "agor agent stop".`,
    ),
  ];
}

async function end(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const answer = await backend.call('incident/end', {});
  return { json: answer, lines: () => [answer.wasOn ? `Incident mode has ended. ${ownFences}` : 'There was no incident mode to end.'] };
}

async function show(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const answer = await backend.call('incident/show', {});
  return { json: answer, lines: () => [shownText(answer.incident, invocation.now)] };
}

function shownText(incident: Incident | null, now: number): string {
  return incident ? incidentText(incident, now) : 'No incident mode: agents that are started get their own fences.';
}
