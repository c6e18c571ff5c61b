/**
 * Which rows of a long list are in the page, and where the reader is: at the end, which is followed, or at a row, which
 * stays where it is whatever arrives above or below.
 */
import { elementScroll, observeElementOffset, observeElementRect, type VirtualItem, Virtualizer } from '@tanstack/virtual-core';
import type { Item } from '../../server/protocol/session.ts';
import { estimatedHeightPx } from './items/row.ts';
import type { Place } from './saved-state.ts';

export interface VirtualRowsDeps {
  scroller: () => HTMLElement | null;
  /** Other rows are to be drawn, or the reader moved. */
  onChange: () => void;
}

interface DrawnRows {
  /** As high as all rows together. */
  readonly space: HTMLElement;
  /** Holds the drawn rows, in the flow, at the place of the first one. */
  readonly frame: HTMLElement;
  readonly rows: Iterable<HTMLElement>;
}

const overscanRows = 6;
const endThresholdPx = 32;
const nearStartScreens = 2;

export class VirtualRows {
  readonly #deps: VirtualRowsDeps;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #items: readonly Item[] = [];
  /** Another function only when the rows are others: the virtualizer then measures all of them anew. */
  #keyOf = keysOf([]);
  #isFollowing = true;
  #lastTopPx = 0;
  #writtenTopPx = -1;
  /** How far below the top of a row the reader is when the list goes to it. */
  #startOffsetPx = 0;
  #unmount: (() => void) | null = null;

  constructor(deps: VirtualRowsDeps) {
    this.#deps = deps;
    this.#virtualizer = new Virtualizer(this.#options());
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** The rows to draw now. */
  get visible(): readonly VirtualItem[] {
    return this.#virtualizer.getVirtualItems();
  }

  /** Whether earlier rows will soon be needed. */
  get isNearStart(): boolean {
    const scroller = this.#deps.scroller();
    if (!scroller) return false;
    const isShort = scroller.scrollHeight <= scroller.clientHeight;
    return isShort || (!this.#isFollowing && scroller.scrollTop < nearStartScreens * scroller.clientHeight);
  }

  connect(): void {
    this.#unmount ??= this.#virtualizer._didMount();
  }

  disconnect(): void {
    this.#unmount?.();
    this.#unmount = null;
  }

  /** Before rows are drawn. */
  setItems(items: readonly Item[]): void {
    if (!haveSameIds(items, this.#items)) this.#keyOf = keysOf(items);
    this.#items = items;
    this.#virtualizer.setOptions(this.#options());
  }

  /** After rows were drawn, before the page is painted. */
  drawn({ space, frame, rows }: DrawnRows): void {
    this.connect();
    this.#place(space, frame);
    this.#virtualizer._willUpdate();
    for (const row of rows) this.#virtualizer.measureElement(row);
    this.#virtualizer.measureElement(null);
    this.#place(space, frame);
    if (this.#isFollowing) this.#writeEnd();
  }

  scrolled(): void {
    const scroller = this.#deps.scroller();
    if (!scroller) return;
    const topPx = scroller.scrollTop;
    const distancePx = scroller.scrollHeight - scroller.clientHeight - topPx;
    const isOurs = Math.abs(topPx - this.#writtenTopPx) <= 2;
    const before = this.#isFollowing;
    if (distancePx <= endThresholdPx) this.#isFollowing = true;
    else if (!isOurs && topPx < this.#lastTopPx - 1) this.#isFollowing = false;
    this.#lastTopPx = topPx;
    if (before !== this.#isFollowing) this.#deps.onChange();
  }

  toEnd(): void {
    this.#isFollowing = true;
    this.#virtualizer.cancelScroll();
    this.#writeEnd();
    this.#deps.onChange();
  }

  toRow(index: number, align: 'start' | 'center', offsetPx = 0): void {
    this.#isFollowing = false;
    this.#startOffsetPx = offsetPx;
    this.#virtualizer.setOptions(this.#options());
    this.#virtualizer.scrollToIndex(index, { align });
  }

  place(): Place {
    const topPx = this.#deps.scroller()?.scrollTop ?? 0;
    const row = this.#virtualizer.getVirtualItemForOffset(topPx);
    const item = row && this.#items[row.index];
    if (this.#isFollowing || !item) return { kind: 'end' };
    return { kind: 'item', itemId: item.id, offsetPx: Math.round(topPx - row.start) };
  }

  #place(space: HTMLElement, frame: HTMLElement): void {
    space.style.height = `${this.#virtualizer.getTotalSize()}px`;
    frame.style.transform = `translateY(${this.visible[0]?.start ?? 0}px)`;
  }

  #writeEnd(): void {
    const scroller = this.#deps.scroller();
    if (!scroller) return;
    const endPx = scroller.scrollHeight - scroller.clientHeight;
    if (endPx - scroller.scrollTop < 1) return;
    scroller.scrollTop = endPx;
    this.#writtenTopPx = scroller.scrollTop;
    this.#lastTopPx = scroller.scrollTop;
  }

  #options(): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count: this.#items.length,
      getScrollElement: this.#deps.scroller,
      getItemKey: this.#keyOf,
      estimateSize: (index) => estimatedHeightPx(this.#items[index]),
      overscan: overscanRows,
      anchorTo: 'end',
      scrollPaddingStart: -this.#startOffsetPx,
      paddingStart: 8,
      paddingEnd: 16,
      observeElementRect: (instance, resized) =>
        observeElementRect(instance, (rect) => {
          resized(rect);
          // The virtualizer tells of other rows only, and a lower page may show the same ones.
          if (this.#isFollowing) this.#writeEnd();
        }),
      observeElementOffset,
      scrollToFn: (offset, options, instance) => {
        elementScroll(offset, options, instance);
        this.#writtenTopPx = this.#deps.scroller()?.scrollTop ?? -1;
      },
      onChange: this.#deps.onChange,
    };
  }
}

/** Of these items for good: the virtualizer also asks for the keys of rows that were there before. */
function keysOf(items: readonly Item[]): (index: number) => string | number {
  return (index) => items[index]?.id ?? index;
}

/** Nearly all of them are the same objects, so this takes next to nothing. */
function haveSameIds(items: readonly Item[], others: readonly Item[]): boolean {
  return items.length === others.length && items.every((item, index) => item === others[index] || item.id === others[index]?.id);
}
