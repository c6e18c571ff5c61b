/** What the keys do on the board: go from card to card, move one at once, or pick one up and carry it. */
import { type Column, type Direction, neighbourOf, type Place, stepFrom, withTaskAt } from './places.ts';

/** A card that was picked up, and where it would be put down. */
export interface Grabbed {
  readonly taskId: string;
  /** `null` as long as it was not moved. */
  readonly place: Place | null;
}

export type KeyEffect =
  | { readonly kind: 'focus'; readonly taskId: string }
  | { readonly kind: 'move'; readonly taskId: string; readonly place: Place }
  | { readonly kind: 'carry'; readonly grabbed: Grabbed }
  | { readonly kind: 'putDown'; readonly grabbed: Grabbed }
  | { readonly kind: 'putBack'; readonly taskId: string };

interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
}

const directions: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

/** `columns` as they lie, without what is carried; `null` when the key means nothing here. */
export function keyEffect(columns: readonly Column[], taskId: string, { key, altKey }: Pressed, grabbed: Grabbed | null): KeyEffect | null {
  const direction = directions[key];
  if (grabbed) return carriedKey(columns, grabbed, key);
  if (key === ' ') return { kind: 'carry', grabbed: { taskId, place: null } };
  if (direction && altKey) {
    const place = stepFrom(columns, taskId, direction);
    return place && { kind: 'move', taskId, place };
  }
  const target = direction ? neighbourOf(columns, taskId, direction) : endOfColumn(columns, taskId, key);
  return target === null ? null : { kind: 'focus', taskId: target };
}

function carriedKey(columns: readonly Column[], grabbed: Grabbed, key: string): KeyEffect | null {
  const { taskId } = grabbed;
  if (key === 'Escape' || key === 'Tab') return { kind: 'putBack', taskId };
  if (key === ' ' || key === 'Enter') return { kind: 'putDown', grabbed };
  const direction = directions[key];
  const place = direction && stepFrom(carriedTo(columns, grabbed), taskId, direction);
  return place ? { kind: 'carry', grabbed: { taskId, place } } : null;
}

/** The board with the carried card where it would be put down. */
export function carriedTo(columns: readonly Column[], { taskId, place }: Grabbed): readonly Column[] {
  return place ? withTaskAt(columns, taskId, place) : columns;
}

function endOfColumn(columns: readonly Column[], taskId: string, key: string): string | null {
  if (key !== 'Home' && key !== 'End') return null;
  const column = columns.find(({ tasks }) => tasks.some(({ id }) => id === taskId));
  return column?.tasks.at(key === 'Home' ? 0 : -1)?.id ?? null;
}
