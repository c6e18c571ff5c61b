/** `agor outbox`: what agents did and the backend would not take. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveReference } from '../../base/resolve-reference.ts';
import { visibleJson } from '../../base/visible-json.ts';
import { shortId } from '../../protocol/ids.ts';
import type { OutboxReport, PoisonedEvent } from '../../protocol/outbox.ts';
import { findAgent } from '../agent-reference.ts';
import { group, uncapitalized } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import { writeNewFile } from '../new-file.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

type Place = { readonly project?: string };
type ExportOptions = Place & { readonly out?: string };

const help = `
What an agent did is kept beside it until the backend has it, however long that takes. An event that the backend refuses
for good, because something in it is wrong or because it is of a newer version, is set aside so that it holds up no
other. It stays until it is sent again, and has its effect once at most.

Examples:
  agor outbox list demo
  agor outbox requeue demo               all of them
  agor outbox requeue demo 4f21c0aa      one, by its key
  agor outbox export demo --out events.jsonl`;

export function addOutboxCommands(program: Command): void {
  const outbox = group(program, { name: 'outbox', description: 'Events of agents that wait for the backend or were refused.' });
  outbox.addHelpText('after', help);
  onAgent(outbox, 'list', 'Show what waits for the backend, and which events it refused.').action(run(list));
  onAgent(outbox, 'requeue', 'Send refused events again: all, or those named by their keys.')
    .argument('[key...]', 'the key of an event, or a part of it that fits only one')
    .action(run(requeue));
  onAgent(outbox, 'export', 'Print refused events whole, as one line of JSON each.')
    .option('-o, --out <file>', 'write them to a new file that only you can read')
    .action(run(exportEvents));
}

function onAgent(parent: Command, name: string, does: string): Command {
  return parent
    .command(name)
    .summary(uncapitalized(does.split(/[;,.:]/)[0] ?? ''))
    .description(does)
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several');
}

async function list(invocation: Invocation, typed: string, options: Place): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const report = await wholeReport(invocation, id);
  const rows = report.poisoned.map((event) => [
    shortId(event.key),
    oneLine(event.kind, 30),
    agoText(event.occurredAt, invocation.now),
    String(event.attempts),
    event.reason,
    oneLine(event.detail, 100),
  ]);
  const refused = rows.length === 0 ? [] : table(['KEY', 'KIND', 'HAPPENED', 'TRIED', 'REASON', 'DETAIL'], rows);
  return { json: report, lines: () => [...waitingLines(report, oneLine(name, 40)), ...refused] };
}

function waitingLines({ pending, bytes, isHeldBack, poisonedCount }: OutboxReport, name: string): string[] {
  const waits = pending === 0 ? `Nothing of ${name} waits` : `${events(pending)} of ${name} (${Math.ceil(bytes / 1024)} KiB) wait`;
  const refused = poisonedCount === 0 ? 'no event was refused' : `refused and set aside: ${events(poisonedCount)}`;
  const heldBack = isHeldBack ? ['The agent is held back until the backend or the disk has taken some of them.'] : [];
  return [`${waits} for the backend; ${refused}.`, ...heldBack];
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

async function requeue(invocation: Invocation, typed: string, typedKeys: readonly string[], options: Place): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const keys = typedKeys.length === 0 ? {} : { keys: keysOf(typedKeys, (await wholeReport(invocation, id)).poisoned) };
  const { requeued } = await backend.call('outbox/requeue', { agent: id, ...keys });
  const said = requeued === 0 ? 'has no refused events that can be sent again' : `sends ${events(requeued)} again that had been refused`;
  return { json: { requeued }, lines: () => [`${oneLine(name, 40)} ${said}.`] };
}

function keysOf(typed: readonly string[], events: readonly PoisonedEvent[]): string[] {
  return typed.map(
    (reference) =>
      resolveReference(
        'event',
        reference,
        events.map(({ key }) => ({ id: key })),
      ).id,
  );
}

async function exportEvents(invocation: Invocation, typed: string, { out, ...place }: ExportOptions): Promise<Outcome> {
  const { id } = await findAgent(invocation, typed, place);
  const { poisoned } = await wholeReport(invocation, id);
  const lines = poisoned.map((event) => visibleJson(JSON.stringify(event)));
  if (out === undefined) return { json: { events: poisoned }, lines: () => lines };
  const path = resolve(invocation.cwd, out);
  // An earlier export may be all that is left of what an agent did.
  await writeNewFile(path, (write) => write(lines.map((line) => `${line}\n`).join('')));
  return { json: { path, events: poisoned.length }, lines: () => [`${path} holds ${events(poisoned.length)} now.`] };
}

/** All that were set aside: one answer may not hold them. */
async function wholeReport(invocation: Invocation, agent: string): Promise<OutboxReport> {
  const backend = await invocation.backend();
  const report = await backend.call('outbox/show', { agent });
  const poisoned = [...report.poisoned];
  while (poisoned.length < report.poisonedCount) {
    const { poisoned: page } = await backend.call('outbox/show', { agent, afterSeq: poisoned.at(-1)?.seq ?? 0 });
    if (page.length === 0) break;
    poisoned.push(...page);
  }
  return { ...report, poisoned };
}
