/** How the commands of `btmsg` and `bttask` are declared, so that the same thing is called the same everywhere. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { uncapitalized } from '../command-group.ts';
import { wholeNumber } from '../commands/whole-number.ts';

export function verb(parent: Command, name: string, does: string): Command {
  return parent
    .command(name)
    .summary(uncapitalized(does.split(/[;.:]/)[0] ?? ''))
    .description(does);
}

export function limited(command: Command): Command {
  return command.option('-n, --limit <number>', 'at most so many, the newest', wholeNumber);
}

export function teamed(command: Command): Command {
  return command.option('--team <team>', "a person's choice among several teams");
}

export function textArgument(): Argument {
  return new Argument('[text...]', 'the text; "-", or none, reads it from stdin');
}

/** Once for each file, so that it does not take the words behind it for files. */
export function attachOption(): Option {
  return new Option('--attach <file>', 'a file to send along; can be given several times').argParser(
    (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
  );
}

export function versionOption(): Option {
  return new Option('--version <number>', 'refuse when it is no longer this version').argParser(versionNumber);
}

function versionNumber(typed: string): number {
  const number = Number(typed);
  if (/^\d{1,15}$/.test(typed) && number >= 1) return number;
  throw new InvalidArgumentError('Give the version that "bttask show" prints: a whole number.');
}
