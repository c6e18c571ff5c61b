/** `agor serve`: the backend in the foreground, for a machine without windows. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { becomeService, smokeTest } from '../../launch/serve.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { descriptorNumber } from './descriptor-number.ts';

type Options = { readonly secretsFd?: number; readonly smokeTest?: true; readonly on?: string };

const help = `
It never ends for want of work. A backend that a window or a command started makes way for it, and its agents go on; a
second service on one data directory is refused. SIGTERM ends it in order; agents finish what they do and wait for the
next backend. Its log goes to stdout as well: as JSON lines, or readable at a terminal.

Exit codes: 0 asked to end; 1 refused, with the reason; 2 called the wrong way; 70 ended by a defect; 75 made way for a
newer build, or ended so that a backup is brought back. "agor service install" lets systemd run it.`;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run the backend in the foreground, as a service')
    .description('Runs the backend in the foreground until it is told to end.')
    .addOption(
      new Option('--secrets-fd <number>', 'take secrets from this descriptor, as a JSON object of names and values').argParser(
        descriptorNumber,
      ),
    )
    .addOption(
      new Option('--smoke-test', 'only try whether this build works, on empty databases in a temporary folder').conflicts('secretsFd'),
    )
    .option('--on <folder>', 'with --smoke-test: try it on the copy of a data directory, which is migrated')
    .addHelpText('after', help)
    .action(run(serve));
}

async function serve({ dataDir, env, cwd }: Invocation, { secretsFd, smokeTest: isTest, on }: Options): Promise<Outcome> {
  if (!isTest) return becomeService({ dataDir, distDir, env, secretsFd });
  smokeTest(distDir, on === undefined ? undefined : resolve(cwd, on));
  return { json: { initialized: true }, lines: () => ['Database initialized'] };
}
