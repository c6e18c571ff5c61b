/**
 * Carries a card by the pointer: begins after a few pixels, so that a click stays a click, says where the card would go,
 * scrolls what is at an edge, and ends with a drop or with Escape. Fingers scroll the board; they move a task in its details.
 */
import type { TaskState } from '../../server/protocol/task.ts';
import type { Place } from './places.ts';

export interface DragDeps {
  /** What holds the columns: the elements with `data-state`, and in them those with `data-task`. */
  board: () => HTMLElement | null;
  onChange: () => void;
  onDrop: (taskId: string, place: Place) => void;
}

/** A card that is carried, and where the pointer holds it. */
export interface Carried {
  readonly taskId: string;
  readonly place: Place | null;
  readonly widthPx: number;
}

const thresholdPx = 5;
const edgePx = 40;
const scrollStepPx = 12;

interface Pressed {
  readonly taskId: string;
  readonly pointerId: number;
  readonly startX: number;
  readonly startY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  readonly widthPx: number;
}

export class Drag {
  readonly #deps: DragDeps;
  #pressed: Pressed | null = null;
  #carried: Carried | null = null;
  #x = 0;
  #y = 0;
  #frame = 0;
  /** A click follows the release of the button, and is not one. */
  #swallowsClick = false;

  constructor(deps: DragDeps) {
    this.#deps = deps;
  }

  get carried(): Carried | null {
    return this.#carried;
  }

  /** Where the carried card is drawn. */
  get transform(): string {
    const { offsetX, offsetY } = this.#pressed ?? { offsetX: 0, offsetY: 0 };
    return `translate(${this.#x - offsetX}px, ${this.#y - offsetY}px)`;
  }

  readonly pressed = (event: PointerEvent): void => {
    const card = cardOf(event);
    this.#swallowsClick = false;
    if (!card?.dataset.task || event.button !== 0 || event.pointerType === 'touch') return;
    const { left, top, width } = card.getBoundingClientRect();
    const { clientX: startX, clientY: startY, pointerId } = event;
    const offset = { offsetX: startX - left, offsetY: startY - top };
    this.#pressed = { taskId: card.dataset.task, pointerId, startX, startY, ...offset, widthPx: width };
    window.addEventListener('pointermove', this.#moved);
    window.addEventListener('pointerup', this.#released);
    window.addEventListener('pointercancel', this.#cancelled);
    window.addEventListener('blur', this.#cancelled);
    window.addEventListener('keydown', this.#keyPressed, { capture: true });
  };

  /** To be asked for each click on a card: whether it only ended a drag. */
  readonly swallowsClick = (): boolean => {
    const swallows = this.#swallowsClick;
    this.#swallowsClick = false;
    return swallows;
  };

  cancel(): void {
    this.#end();
  }

  readonly #moved = (event: PointerEvent): void => {
    const pressed = this.#pressed;
    if (!pressed || event.pointerId !== pressed.pointerId) return;
    this.#x = event.clientX;
    this.#y = event.clientY;
    const isFar = Math.hypot(this.#x - pressed.startX, this.#y - pressed.startY) > thresholdPx;
    if (!this.#carried && !isFar) return;
    event.preventDefault();
    this.#look(pressed);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#scrollAtEdges());
  };

  readonly #released = (): void => {
    const carried = this.#carried;
    this.#swallowsClick = carried !== null;
    this.#end();
    if (carried?.place) this.#deps.onDrop(carried.taskId, carried.place);
  };

  readonly #cancelled = (): void => this.#end();

  readonly #keyPressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#carried) return;
    event.preventDefault();
    event.stopPropagation();
    this.#swallowsClick = true;
    this.#end();
  };

  #end(): void {
    window.removeEventListener('pointermove', this.#moved);
    window.removeEventListener('pointerup', this.#released);
    window.removeEventListener('pointercancel', this.#cancelled);
    window.removeEventListener('blur', this.#cancelled);
    window.removeEventListener('keydown', this.#keyPressed, { capture: true });
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#pressed = null;
    this.#carried = null;
    this.#deps.onChange();
  }

  #look({ taskId, widthPx }: Pressed): void {
    const place = this.#placeUnderPointer(taskId);
    this.#carried = { taskId, place, widthPx };
    this.#deps.onChange();
  }

  /** The column by where the pointer is across, so that a card can be dropped below a short one. */
  #placeUnderPointer(taskId: string): Place | null {
    const columns = this.#deps.board()?.querySelectorAll<HTMLElement>('[data-state]') ?? [];
    const column = [...columns].find((element) => contains(element.getBoundingClientRect(), this.#x));
    if (!column) return null;
    const cards = [...column.querySelectorAll<HTMLElement>('[data-task]')].filter(({ dataset }) => dataset.task !== taskId);
    const below = cards.find((element) => middle(element.getBoundingClientRect()) > this.#y);
    // Only columns carry this attribute, and their template writes a state into it.
    return { state: column.dataset.state as TaskState, before: below?.dataset.task ?? null };
  }

  #scrollAtEdges(): void {
    this.#frame = 0;
    const board = this.#deps.board();
    if (!this.#pressed || !this.#carried || !board) return;
    const { left, right } = board.getBoundingClientRect();
    board.scrollLeft += stepAt(this.#x, left, right);
    const cards = board.querySelector<HTMLElement>(`[data-state="${this.#carried.place?.state}"] .cards`);
    if (cards) {
      const { top, bottom } = cards.getBoundingClientRect();
      cards.scrollTop += stepAt(this.#y, top, bottom);
    }
    this.#look(this.#pressed);
    this.#frame = requestAnimationFrame(() => this.#scrollAtEdges());
  }
}

function cardOf(event: Event): HTMLElement | undefined {
  return event.composedPath().find((target): target is HTMLElement => target instanceof HTMLElement && target.dataset.task !== undefined);
}

function contains({ left, right }: DOMRect, x: number): boolean {
  return x >= left && x <= right;
}

function middle({ top, bottom }: DOMRect): number {
  return (top + bottom) / 2;
}

/** How far to scroll when the pointer is near one of two edges. */
function stepAt(position: number, start: number, end: number): number {
  if (position < start + edgePx) return -scrollStepPx;
  return position > end - edgePx ? scrollStepPx : 0;
}
