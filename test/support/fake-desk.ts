/** The commands of `btmsg` and `bttask` at a desk that notes what is asked for and answers what a test says. */
import { Readable } from 'node:stream';
import { type Command, CommanderError } from 'commander';
import type { Outcome } from '../../server/cli/output.ts';
import { plain } from '../../server/cli/style.ts';
import type { AtDesk, Desk, DeskAction } from '../../server/cli/teamwork/desk.ts';

export type Asked = { readonly method: string; readonly params: Readonly<Record<string, unknown>> };
export type Ran = { readonly asked: readonly Asked[]; readonly outcome: Outcome | undefined; readonly lines: readonly string[] };

type Making = (at: AtDesk) => Command;
export type DeskFacts = Partial<Pick<Desk, 'isAgent' | 'columns' | 'cwd'>> & { readonly stdin?: string; readonly answer?: unknown };

/** Rejects with what the parser or the command says; the parser's own words go nowhere. */
export async function runAtDesk(make: Making, args: readonly string[], facts: DeskFacts = {}): Promise<Ran> {
  const asked: Asked[] = [];
  let outcome: Outcome | undefined;
  const ask = async (method: string, params: object) => {
    asked.push({ method, params: { ...params } });
    // What the test says is what the command gets, whatever the method is.
    return facts.answer as never;
  };
  const desk: Desk = {
    door: { call: ask, send: ask },
    isAgent: facts.isAgent ?? false,
    cwd: facts.cwd ?? '/',
    now: 1_000_000,
    stdin: Readable.from(facts.stdin === undefined ? [] : [facts.stdin]),
    columns: facts.columns,
    team: async (named) => ({ team: named ?? 'current' }),
  };
  const at: AtDesk =
    <A extends unknown[]>(action: DeskAction<A>) =>
    async (...given: [...A, Command]) => {
      // As `run` does it: the command itself comes last, and its work does not get it.
      outcome = await action(desk, ...(given.slice(0, -1) as A));
    };
  const program = make(at);
  silence(program);
  await program.parseAsync([...args], { from: 'user' });
  return { asked, outcome, lines: outcome?.lines(plain) ?? [] };
}

export function isUsage(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode !== 0;
}

function silence(command: Command): void {
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  for (const below of command.commands) silence(below);
}
