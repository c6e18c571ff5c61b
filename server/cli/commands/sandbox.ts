/** `agor sandbox`: what an agent can reach, tried out inside the very fence it gets. */
import type { Command } from 'commander';
import type { SandboxExplanation, SandboxPath, SandboxProof } from '../../protocol/sandbox.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { fencedBy, fenceLines } from '../fence-text.ts';
import { incidentText } from '../incident-text.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

const headings: readonly { readonly access: SandboxPath['access']; readonly text: string }[] = [
  { access: 'write', text: 'It can read and write' },
  { access: 'read', text: 'It can read' },
  { access: 'protected', text: 'It cannot change, inside what it can write' },
  { access: 'hidden', text: 'It sees an empty folder in the place of' },
];

export function addSandboxCommands(program: Command): void {
  group(program, { name: 'sandbox', description: 'The sandbox of agents: what they can reach.' })
    .command('explain')
    .summary('show what an agent can reach, with the proof of each')
    .description(
      'Shows what the program of an agent could read, write and connect to if it were started now. Nothing is taken on trust: ' +
        'each claim is tried out inside the same sandbox, which takes about a second. The agent itself is not disturbed.',
    )
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(explain));
}

async function explain(invocation: Invocation, typed: string, options: { readonly project?: string }): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const explanation = await backend.call('sandbox/explain', { agent: id });
  return { json: explanation, lines: (style) => explanationLines(name, explanation, { now: invocation.now, style }) };
}

type View = { readonly now: number; readonly style: Style };

export function explanationLines(name: string, explanation: SandboxExplanation, { now, style }: View): string[] {
  const { state, paths, network, proofs, argv, resources, incident } = explanation;
  const [summary = '', ...rest] = fenceLines(state);
  const section = (text: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', style('bold', text), ...indented(lines)]);
  return [
    `${style('bold', oneLine(name))}  ${style(state.files === 'full' ? 'green' : 'yellow', summary)}`,
    ...indented(rest),
    ...(incident
      ? indented([incidentText(incident, now), 'This is its narrow fence; its own comes back at its first start afterwards.'])
      : []),
    ...headings.flatMap(({ access, text }) => section(text, pathLines(paths.filter((path) => path.access === access)))),
    ...section(
      'Network',
      network.map((line) => oneLine(line, 1000)),
    ),
    ...section('Tried out inside', proofLines(proofs, style)),
    ...section('Bounds', resources ? [`kept by ${fencedBy(resources)}`, ...resources.gaps.map((gap) => oneLine(gap, 1000))] : []),
    ...section('Started as', [argv.map((word) => oneLine(word, 1000)).join(' ')]),
  ];
}

function pathLines(paths: readonly SandboxPath[]): string[] {
  const rows = paths.map(({ path, why }) => [oneLine(path, 1000), oneLine(why)]);
  return rows.length === 0 ? [] : table(['PATH', 'WHAT IT IS'], rows);
}

/** What did not come out as it should stands first. */
function proofLines(proofs: readonly SandboxProof[], style: Style): string[] {
  const ordered = proofs.toSorted((a, b) => Number(a.held) - Number(b.held));
  const rows = ordered.map(({ tried, expected, held, answer }) => [
    held ? style('green', 'ok') : style('red', 'GAP'),
    oneLine(tried),
    held ? expected : `not ${expected}`,
    oneLine(answer),
  ]);
  return rows.length === 0 ? [] : table(['', 'TRIED', 'RESULT', 'ANSWER'], rows);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
