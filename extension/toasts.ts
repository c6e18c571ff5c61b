/** Collects news into one message at a time; what comes while one is on the screen is told after it. */

/** `wait`: not from this window as things are; asked again when it is looked at. */
export type Telling = 'tell' | 'wait' | 'drop';

export type ToastsDeps<T> = {
  /** Undefined once it no longer needs to be told. */
  readonly find: (id: string) => T | undefined;
  readonly decide: (news: T) => Promise<Telling>;
  /** Settles when the message is gone, and what its button asks for is done; that may be never. */
  readonly show: (news: readonly [T, ...T[]]) => PromiseLike<void>;
};

/** What comes in this time makes one message. */
const collectForMs = 500;
/** VS Code puts a message aside without saying so. */
const showAgainAfterMs = 60_000;

export class Toasts<T extends { readonly id: string }> {
  readonly #deps: ToastsDeps<T>;
  readonly #unseen = new Set<string>();
  #collecting: NodeJS.Timeout | undefined;
  #onScreen: NodeJS.Timeout | undefined;

  constructor(deps: ToastsDeps<T>) {
    this.#deps = deps;
  }

  add(news: readonly T[]): void {
    for (const { id } of news) this.#unseen.add(id);
    this.look();
  }

  /** What could not be told before may be told now. */
  look(): void {
    if (this.#unseen.size > 0) this.#collecting ??= setTimeout(() => void this.#tell(), collectForMs);
  }

  dispose(): void {
    clearTimeout(this.#collecting);
    clearTimeout(this.#onScreen);
  }

  async #tell(): Promise<void> {
    this.#collecting = undefined;
    if (this.#onScreen) return;
    const [first, ...others] = await this.#take();
    if (!first) return;
    if (this.#onScreen) return this.add([first, ...others]);
    const gone = () => this.#gone(timer);
    const timer = setTimeout(gone, showAgainAfterMs);
    this.#onScreen = timer;
    this.#deps.show([first, ...others]).then(gone, gone);
  }

  #gone(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    if (this.#onScreen !== timer) return;
    this.#onScreen = undefined;
    this.look();
  }

  /** What was settled meanwhile is not told any more. */
  async #take(): Promise<T[]> {
    const taken: T[] = [];
    for (const id of [...this.#unseen]) {
      const news = this.#deps.find(id);
      const telling = news ? await this.#deps.decide(news) : 'drop';
      if (telling === 'wait') continue;
      this.#unseen.delete(id);
      if (news && telling === 'tell') taken.push(news);
    }
    return taken;
  }
}
