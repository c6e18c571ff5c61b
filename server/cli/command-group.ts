/** Commands that have commands below them: without one, the help is shown. */
import { type Command, Option } from 'commander';

/** Every command takes these, before or after its name. */
export function globalOptions(): Option[] {
  return [
    new Option('--json', 'print one JSON document on stdout, for programs').helpGroup('Everywhere:'),
    new Option('--data-dir <folder>', 'use this data directory instead of AGOR_DATA_DIR or the usual one').helpGroup('Everywhere:'),
  ];
}

export function group(parent: Command, options: { readonly name: string; readonly description: string }): Command {
  return parent
    .command(options.name)
    .summary(uncapitalized(options.description))
    .description(options.description)
    .enablePositionalOptions();
}

/** Adds the options to the command and to all below it. */
export function addGlobalOptions(command: Command): void {
  for (const option of globalOptions()) command.addOption(option);
  for (const below of command.commands) addGlobalOptions(below);
}

/** Lists of commands have phrases, the command's own help has a sentence. */
export function uncapitalized(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
