/** A count typed on the command line. */
import { InvalidArgumentError } from 'commander';

export function wholeNumber(typed: string): number {
  const number = Number(typed);
  if (/^\d+$/.test(typed) && number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('Give a whole number from 1 to 1000.');
}
