/** How many messages may be on the screen at once. */

const atOnce = 5;
/** VS Code puts a message aside without saying so. */
const goneAfterMs = 60_000;

export class ToastPlaces {
  readonly #taken = new Set<NodeJS.Timeout>();

  /** Returns what gives the place back; undefined when all are taken. */
  take(): (() => void) | undefined {
    if (this.#taken.size >= atOnce) return undefined;
    const leave = () => {
      clearTimeout(timer);
      this.#taken.delete(timer);
    };
    const timer = setTimeout(leave, goneAfterMs);
    this.#taken.add(timer);
    return leave;
  }

  dispose(): void {
    for (const timer of this.#taken) clearTimeout(timer);
    this.#taken.clear();
  }
}
