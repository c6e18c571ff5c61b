/**
 * A hash over each row of record, because SQLite notices damage to its structure but not to our data: most flipped
 * bits in a row leave `integrity_check` at "ok".
 */
import { createHash } from 'node:crypto';

export type Cell = string | number | null;

/**
 * Over all columns of a row but the hash itself, in the table's order, so that one rule checks every table. Lengths are
 * part of it, so that no two different rows look alike.
 */
export function rowHash(cells: readonly Cell[]): string {
  const hash = createHash('sha256');
  for (const cell of cells) {
    const text = cell === null ? '' : String(cell);
    hash.update(`${cell === null ? 'n' : typeof cell === 'number' ? 'd' : 's'}${Buffer.byteLength(text)}:${text}`);
  }
  return hash.digest('hex');
}
