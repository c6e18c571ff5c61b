/** `agor log-level`: how much the running backend writes to its log. */
import { Argument, type Command } from 'commander';
import { LogLevel } from '../../protocol/requests.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

export function addLogLevelCommand(program: Command): void {
  program
    .command('log-level')
    .summary('set how much the backend logs')
    .description('Sets how much the running backend writes to its log.')
    .addArgument(new Argument('<level>', 'from everything to almost nothing').choices(LogLevel.options))
    .action(run(setLogLevel));
}

async function setLogLevel(invocation: Invocation, level: LogLevel): Promise<Outcome> {
  const backend = await invocation.backend();
  await backend.call('log/setLevel', { level });
  return { json: { level }, lines: () => [`The backend now logs from ${level} upwards.`] };
}
