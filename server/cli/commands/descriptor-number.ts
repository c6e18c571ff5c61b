/** A descriptor that the shell opened for the command, as in `3< <(pass show key)`. */
import { InvalidArgumentError } from 'commander';

export function descriptorNumber(typed: string): number {
  if (/^\d{1,4}$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Give the number of a descriptor that is open for reading; 0 is stdin.');
}
