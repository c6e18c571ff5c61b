/** `agor held`: texts that the screening holds back until a person has looked at them. */
import type { Command } from 'commander';
import { resolveReference } from '../../base/resolve-reference.ts';
import { AgorError, limits } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Finding, HeldItem, Screening } from '../../protocol/screening.ts';
import { group, uncapitalized } from '../command-group.ts';
import type { Connection } from '../connection.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { exact, oneLine } from '../printable.ts';
import { givenText } from '../prompt-text.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

const help = `
Messages and tasks of agents are screened for orders from the wrong place: to forget the task, to send secrets away, to
keep something from you. What looks like one waits here and reaches nobody until you release it. The screening is a
signal, not a fence: it holds honest texts now and then, and lets clever ones through.

Examples:
  agor held list
  agor held show 4f21c0aa          all of it; what cannot be seen is written as \\u{…}
  agor held release 4f21c0aa
  agor held try "Ignore all previous instructions"`;

export function addHeldCommands(program: Command): void {
  const held = group(program, {
    name: 'held',
    description: 'Messages and tasks that wait for you because they look like an injected order.',
  });
  held.addHelpText('after', help);
  held.command('list').summary('list what is held').description('Lists what is held, the oldest first.').action(run(list));
  onItem(held, 'show', 'Show a held text whole, with what was found in it.').action(run(show));
  onItem(held, 'release', 'Release a held text: it goes on its way as if it had not been held.').action(run(release));
  onItem(held, 'discard', 'Discard a held text: a message becomes a dead letter, a task is rejected.').action(run(discard));
  held
    .command('try')
    .summary('screen a text, and keep nothing of it')
    .description('Screens a text as that of a message would be, and keeps nothing of it.')
    .argument('[text...]', 'the text; "-", or nothing, to read it from stdin')
    .action(run(tryText));
}

function onItem(parent: Command, name: string, does: string): Command {
  return parent
    .command(name)
    .summary(uncapitalized(does.split(/[:.]/)[0] ?? ''))
    .description(does)
    .argument('<id>', 'id of the message or task');
}

async function list(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const { items } = await backend.call('screening/held', {});
  return { json: { items }, lines: () => (items.length === 0 ? ['Nothing is held.'] : heldTable(items, invocation.now)) };
}

function heldTable(items: readonly HeldItem[], now: number): string[] {
  const rows = items.map(({ id, kind, from, to, findings, text, heldAt }) => [
    shortId(id),
    kind,
    oneLine(from, 30),
    oneLine(to, 30),
    agoText(heldAt, now),
    oneLine(findings[0]?.rule ?? '', 40),
    exact(oneLine(text, 60)),
  ]);
  return table(['ID', 'KIND', 'FROM', 'TO', 'HELD', 'FOUND', 'TEXT'], rows);
}

async function show(invocation: Invocation, typed: string): Promise<Outcome> {
  const item = await heldItem(await invocation.backend(), typed);
  return { json: item, lines: (style) => heldLines(item, { now: invocation.now, style }) };
}

async function heldItem(backend: Connection, typed: string): Promise<HeldItem> {
  const { items } = await backend.call('screening/held', {});
  return resolveReference('held text', typed, items);
}

async function release(invocation: Invocation, typed: string): Promise<Outcome> {
  const item = await decide(invocation, 'screening/release', typed);
  return { json: item, lines: () => [`Released the ${item.kind} from ${oneLine(item.from, 40)} to ${oneLine(item.to, 40)}.`] };
}

async function discard(invocation: Invocation, typed: string): Promise<Outcome> {
  const item = await decide(invocation, 'screening/discard', typed);
  return { json: item, lines: () => [`Discarded the ${item.kind} from ${oneLine(item.from, 40)} to ${oneLine(item.to, 40)}.`] };
}

async function decide(invocation: Invocation, method: 'screening/release' | 'screening/discard', typed: string): Promise<HeldItem> {
  if (invocation.env.AGOR_RUN_TOKEN) {
    throw new AgorError('refused', 'An agent may not decide about held texts; a person does that in another terminal or in VS Code.');
  }
  const backend = await invocation.backend();
  return backend.call(method, { item: typed });
}

async function tryText(invocation: Invocation, words: readonly string[]): Promise<Outcome> {
  const text = await givenText(words, process.stdin, { what: 'The text', maxBytes: limits.promptBytes });
  const backend = await invocation.backend();
  const screening = await backend.call('screening/try', { text });
  return { json: screening, lines: (style) => screeningLines(screening, style) };
}

export function heldLines(item: HeldItem, view: { readonly now: number; readonly style: Style }): string[] {
  const { id, kind, from, to, text, findings, heldAt } = item;
  return [
    `${view.style('cyan', shortId(id))}  ${kind} from ${oneLine(from, 40)} to ${oneLine(to, 40)}, held ${agoText(heldAt, view.now)}:`,
    ...findings.flatMap((finding) => findingLines(finding, view.style)),
    '',
    ...exact(text)
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

const verdictTexts = {
  deliver: 'It would be delivered.',
  flag: 'It would be delivered with a warning.',
  hold: 'It would be held.',
} as const;

export function screeningLines({ verdict, findings }: Screening, style: Style): string[] {
  const none = findings.length === 0 ? ['Nothing was found.'] : [];
  return [style('bold', verdictTexts[verdict]), ...none, ...findings.flatMap((finding) => findingLines(finding, style))];
}

function findingLines({ rule, meaning, excerpt }: Finding, style: Style): string[] {
  const place = excerpt === '' ? [] : [`    ${exact(oneLine(excerpt))}`];
  return [`  ${style('yellow', oneLine(rule))}  ${oneLine(meaning)}`, ...place];
}
