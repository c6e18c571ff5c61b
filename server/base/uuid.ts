/** New identifiers. UUIDv7, so that ids sort by the time they were made. */
import { v7 } from 'uuid';

/** The brand says what the id is for; whoever makes the id decides that, so the cast is its one place. */
export function newId<Id extends string>(): Id {
  return v7() as Id;
}
