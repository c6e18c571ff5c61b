/** Watches clock and pointer for the rule of `server/protocol/answer-guard.ts`. */
import { graceMs, isResting, isTooSoon } from '../../server/protocol/answer-guard.ts';

export class AnswerTiming {
  readonly #onChange: () => void;
  readonly #shownAt = new Map<string, number>();
  #lastAnsweredAt = Number.NEGATIVE_INFINITY;
  #pointerMovedAt = Number.NEGATIVE_INFINITY;
  #entered: { target: EventTarget; at: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onChange`: buttons that rested may be ready. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  connect(): void {
    document.addEventListener('pointermove', this.#pointerMoved, { passive: true, capture: true });
  }

  disconnect(): void {
    document.removeEventListener('pointermove', this.#pointerMoved, { capture: true });
    clearTimeout(this.#timer);
  }

  /** Notes the first time it is asked about a question: that is when it is drawn. */
  isResting(approvalId: string): boolean {
    const now = performance.now();
    const shownAt = this.#shownAt.get(approvalId) ?? now;
    this.#shownAt.set(approvalId, shownAt);
    const rests = isResting(shownAt, this.#lastAnsweredAt, now);
    if (rests) this.#wake();
    return rests;
  }

  isTooSoon(approvalId: string, by: 'keyboard' | 'pointer'): boolean {
    return isTooSoon({
      shownAt: this.#shownAt.get(approvalId) ?? Number.POSITIVE_INFINITY,
      lastAnsweredAt: this.#lastAnsweredAt,
      enteredAt: by === 'pointer' ? (this.#entered?.at ?? null) : null,
      pointerMovedAt: this.#pointerMovedAt,
      now: performance.now(),
    });
  }

  answered(): void {
    this.#lastAnsweredAt = performance.now();
    this.#onChange();
  }

  /** The browser also sends this when the page moves under a pointer that rests. */
  readonly pointerOver = (event: Event): void => {
    const button = event.composedPath().find((target) => target instanceof HTMLElement && target.dataset.decision !== undefined);
    if (!button) this.#entered = null;
    else if (this.#entered?.target !== button) this.#entered = { target: button, at: performance.now() };
  };

  readonly #pointerMoved = (event: PointerEvent): void => {
    if (event.movementX !== 0 || event.movementY !== 0) this.#pointerMovedAt = performance.now();
  };

  #wake(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, graceMs);
  }
}
