/** A command line without its commands yet: what all of ours have in common. */
import { type Argument, Command } from 'commander';
import { readBuildInfo } from '../base/build-info.ts';
import { distDir } from './invocation.ts';

/** Commands that are added afterwards take these settings over. */
export function newProgram(name: string, { description, help }: { readonly description: string; readonly help: string }): Command {
  return new Command(name)
    .description(description)
    .version(versionText(name), '-V, --version', 'print the version and build')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ') })
    .addHelpText('after', help)
    .exitOverride();
}

function versionText(name: string): string {
  const { version, gitSha, buildTime } = readBuildInfo(distDir);
  const built = buildTime === 0 ? 'from sources' : `built ${new Date(buildTime).toISOString()}`;
  return `${name} ${version} (${gitSha}, ${built}), Node ${process.version}`;
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}
