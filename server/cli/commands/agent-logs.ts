/** `agor agent logs`: what an agent's sidecar wrote down, once or as it goes on. */
import { type Command, Option } from 'commander';
import { delay } from '../../base/delay.ts';
import type { AgentId } from '../../protocol/ids.ts';
import { LogLevel, type Result } from '../../protocol/requests.ts';
import { findAgent } from '../agent-reference.ts';
import type { Connection } from '../connection.ts';
import { UnreachableError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import { logLines } from '../log-text.ts';
import { type Outcome, write } from '../output.ts';
import { styleFor } from '../style.ts';
import { wholeNumber } from './whole-number.ts';

type Options = { readonly project?: string; readonly lines: number; readonly level?: LogLevel; readonly follow?: boolean };
type Part = Result<'agent/logs'>;

const lookAgainMs = 500;
const mostAtOnce = 1_000;

export function addLogsCommand(parent: Command): void {
  parent
    .command('logs')
    .summary("show the agent's log")
    .description("Shows the end of the agent's log: what its program and the process around it reported, run by run.")
    .argument('<agent>', 'name or id')
    .option('-n, --lines <count>', 'how many records', wholeNumber, 100)
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl+C')
    .addOption(new Option('-l, --level <level>', 'only records of this level and above').choices(LogLevel.options))
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .addHelpText('after', '\nWith --follow, --json prints one record a line instead of one document.')
    .action(run(showLogs));
}

async function showLogs(invocation: Invocation, typed: string, options: Options): Promise<Outcome> {
  const { id } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const { level, lines } = options;
  const part = await backend.call('agent/logs', { agent: id, lines, ...(level && { level }) });
  if (options.follow) return follow(invocation, { agent: id, level, part });
  return { json: part, lines: (style) => part.lines.flatMap((line) => logLines(line, style)) };
}

type Following = { readonly agent: AgentId; readonly level: LogLevel | undefined; readonly part: Part };

/** Never resolves: Ctrl+C ends the process, and what the backend refuses rejects. */
async function follow(invocation: Invocation, { agent, level, part }: Following): Promise<never> {
  let backend = await invocation.backend();
  for (let { lines, cursor } = part; ; ) {
    await show(lines, invocation);
    // There is more at once where as much came as may come at once.
    if (lines.length < mostAtOnce) await delay(lookAgainMs);
    try {
      ({ lines, cursor } = await backend.call('agent/logs', { agent, cursor, lines: mostAtOnce, ...(level && { level }) }));
    } catch (error) {
      lines = [];
      backend = await backAgain(invocation, error);
    }
  }
}

async function show(lines: readonly string[], { json }: Invocation): Promise<void> {
  const style = styleFor(process.stdout);
  const shown = json ? lines.map(asJson) : lines.flatMap((line) => logLines(line, style));
  if (shown.length > 0) await write(process.stdout, `${shown.join('\n')}\n`);
}

/** A backend that went away is started again; the log goes on where it was read to. */
async function backAgain(invocation: Invocation, error: unknown): Promise<Connection> {
  if (!(error instanceof UnreachableError)) throw error;
  await write(process.stderr, 'The backend went away; starting it again and going on.\n');
  return invocation.reconnect();
}

/** What a full disk left of a record is a text. */
function asJson(line: string): string {
  try {
    JSON.parse(line);
    return line;
  } catch {
    return JSON.stringify({ msg: line });
  }
}
