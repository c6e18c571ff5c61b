/** MAIN of every command line: parses, runs, and ends with the exit code once all that was said is out. */
import { type Command, CommanderError } from 'commander';
import { keepCompiled } from '../base/compile-cache.ts';
import { exitCode, isSuccess } from './exit-codes.ts';
import { endQuietlyWhenUnread, showFailure, write } from './output.ts';

export async function runMain(makeProgram: () => Command): Promise<never> {
  keepCompiled();
  endQuietlyWhenUnread();
  const code = await main(makeProgram(), process.argv.slice(2));
  // What is left open (a terminal in raw mode, a socket that closes) must not keep the shell waiting.
  await Promise.all([write(process.stdout, ''), write(process.stderr, '')]);
  process.exit(code);
}

async function main(program: Command, args: string[]): Promise<number> {
  const asksForJson = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCode.ok);
  } catch (error) {
    if (isSuccess(error)) return exitCode.ok;
    // What is wrong with the words themselves the parser has said on stderr.
    return asksForJson || !(error instanceof CommanderError) ? showFailure(error, asksForJson) : exitCode.wrongUsage;
  }
}
