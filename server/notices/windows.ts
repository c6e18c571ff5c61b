/** Which window a person looks at, so that of several only one shows a notice; and in which language the desktop is told. */
import type { NoticeId } from '../protocol/ids.ts';
import { inEnglish } from '../protocol/notice-text.ts';
import type { Wording } from '../protocol/wording.ts';

/** Stands for the connection of a window: the same value for as long as it lasts. */
export type WindowKey = object;

const rememberedClaims = 1_000;

export class Windows {
  /** In the order in which they were looked at, the last one last. */
  readonly #windows = new Map<WindowKey, { readonly isFocused: boolean }>();
  readonly #claimed = new Set<string>();
  #words: ReadonlyMap<string, string> = new Map();

  /** In the language of the window that began last, also when it is gone. */
  readonly wording: Wording = (message, ...args) => inEnglish(this.#words.get(message) ?? message, ...args);

  speak(words: Readonly<Record<string, string>>): void {
    this.#words = new Map(Object.entries(words));
  }

  get isAnyFocused(): boolean {
    return [...this.#windows.values()].some(({ isFocused }) => isFocused);
  }

  setFocus(window: WindowKey, isFocused: boolean): void {
    if (isFocused) this.#windows.delete(window);
    this.#windows.set(window, { isFocused });
  }

  gone(window: WindowKey): void {
    this.#windows.delete(window);
  }

  /** Somebody looks at it; of what says nothing of itself, a command for example, that is taken for granted. */
  isLookedAt(window: WindowKey): boolean {
    return this.#windows.get(window)?.isFocused ?? true;
  }

  /** True once for each notice and each time that it happened, for the window that was looked at last. */
  claim(window: WindowKey, { notice, count }: { readonly notice: NoticeId; readonly count: number }): boolean {
    const claim = `${notice} ${count}`;
    if (this.#claimed.has(claim) || this.#lastLookedAt() !== window) return false;
    if (this.#claimed.size >= rememberedClaims) this.#claimed.clear();
    this.#claimed.add(claim);
    return true;
  }

  #lastLookedAt(): WindowKey | undefined {
    const windows = [...this.#windows];
    return (windows.findLast(([, { isFocused }]) => isFocused) ?? windows.at(-1))?.[0];
  }
}
