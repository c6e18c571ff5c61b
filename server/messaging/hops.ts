/** How often messages go back and forth between two who only answer each other. Pure. */

export type Answered = {
  readonly hops: number;
  /** Since it was written, a third party wrote to who answers now, or a task of one of the two moved on. */
  readonly somethingElseHappened: boolean;
};

/** A plain message to who wrote last is an answer too, when it comes within this time. */
export const answerWithinMs = 10 * 60_000;

/** `answered`: null for a message that answers nothing. What a person writes begins anew. */
export function nextHops(from: 'person' | 'other', answered: Answered | null): number {
  if (from === 'person') return 0;
  if (!answered || answered.somethingElseHappened) return 1;
  return answered.hops + 1;
}
