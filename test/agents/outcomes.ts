/** What came of the suite, as the table of agent × behaviour. Pure. */

export type Outcome =
  | { readonly kind: 'works' }
  | { readonly kind: 'cannot'; readonly reason: string }
  | { readonly kind: 'fails'; readonly problem: string };

export type AgentOutcomes = {
  readonly agent: string;
  readonly version: string;
  readonly fence: string;
  readonly remarks: readonly string[];
  /** By the name of the case. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
};

type NotTried = { readonly name: string; readonly reason: string };

/** In markdown; what an agent cannot do has a number, and its reason stands below. */
export function outcomeTable(cases: readonly string[], agents: readonly AgentOutcomes[], notTried: readonly NotTried[]): string {
  const notes: string[] = [];
  const note = (text: string) => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const cell = ({ agent, outcomes }: AgentOutcomes, name: string) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) return '·';
    if (outcome.kind === 'works') return '✔';
    return outcome.kind === 'fails' ? '✖' : `cannot (${note(`${agent}: ${outcome.reason}`)})`;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    row(['behaviour', ...agents.map(({ agent, version }) => `${agent} ${version}`)]),
    row(['---', ...agents.map(() => '---')]),
    ...cases.map((name) => row([name, ...agents.map((agent) => cell(agent, name))])),
    row(['fence', ...agents.map(({ fence }) => fence)]),
  ];
  const remarks = agents.flatMap(({ agent, remarks }) => remarks.map((text) => `- ${agent}: ${text}`));
  return `${[
    '# The conversation of every agent',
    '✔ works · cannot: the program does not offer it, and that is proven · ✖ fails · · not asked for',
    lines.join('\n'),
    ...(notes.length > 0 ? [notes.map((text, index) => `${index + 1}. ${text}`).join('\n')] : []),
    ...(remarks.length > 0 ? [remarks.join('\n')] : []),
    `Not tried: ${notTried.map(({ name, reason }) => `${name} (${reason})`).join(', ')}.`,
  ].join('\n\n')}\n`;
}

export function failures(agents: readonly AgentOutcomes[]): string[] {
  return agents.flatMap(({ agent, outcomes }) =>
    [...outcomes].flatMap(([name, outcome]) => (outcome.kind === 'fails' ? [`${agent}: ${name}: ${outcome.problem}`] : [])),
  );
}
