/**
 * When a decision about a permission counts. What moves under a resting pointer or has only just appeared must not take a
 * click that was meant for something else.
 */
export const graceMs = 400;

export interface AnswerMoment {
  /** When the question, as it stands, was first drawn. */
  readonly shownAt: number;
  /** When another question was last answered here: the next one may have moved into its place. */
  readonly lastAnsweredAt: number;
  /** When the button came under the pointer; `null` for the keyboard. */
  readonly enteredAt: number | null;
  /** When the pointer itself last moved. */
  readonly pointerMovedAt: number;
  readonly now: number;
}

export function isTooSoon(moment: AnswerMoment): boolean {
  const { shownAt, lastAnsweredAt, enteredAt, pointerMovedAt, now } = moment;
  if (isResting(shownAt, lastAnsweredAt, now)) return true;
  // The button came to the pointer, not the pointer to the button.
  return enteredAt !== null && enteredAt > pointerMovedAt && now - enteredAt < graceMs;
}

/** Whether the buttons are shown as not ready yet. */
export function isResting(shownAt: number, lastAnsweredAt: number, now: number): boolean {
  return now - Math.max(shownAt, lastAnsweredAt) < graceMs;
}
