/** Collects questions into one message at a time; what comes while one is on the screen is told after it. */
import type { Approval } from '../server/protocol/approval.ts';

/** `wait`: not from this window as things are; asked again when it is looked at. */
export type Telling = 'tell' | 'wait' | 'drop';

export type ApprovalToastsDeps = {
  /** Undefined once it is no longer open. */
  readonly approval: (id: string) => Approval | undefined;
  readonly decide: (approval: Approval) => Promise<Telling>;
  /** Settles when the message is gone, and what its button asks for is done; that may be never. */
  readonly show: (approvals: readonly [Approval, ...Approval[]]) => PromiseLike<void>;
};

/** Questions that come in this time make one message. */
const collectForMs = 500;
/** VS Code puts a message aside without saying so. */
const showAgainAfterMs = 60_000;

export class ApprovalToasts {
  readonly #deps: ApprovalToastsDeps;
  readonly #unseen = new Set<string>();
  #collecting: NodeJS.Timeout | undefined;
  #onScreen: NodeJS.Timeout | undefined;

  constructor(deps: ApprovalToastsDeps) {
    this.#deps = deps;
  }

  add(approvals: readonly Approval[]): void {
    for (const approval of approvals) this.#unseen.add(approval.id);
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

  /** Those that were answered meanwhile are not asked about any more. */
  async #take(): Promise<Approval[]> {
    const taken: Approval[] = [];
    for (const id of [...this.#unseen]) {
      const approval = this.#deps.approval(id);
      const telling = approval ? await this.#deps.decide(approval) : 'drop';
      if (telling === 'wait') continue;
      this.#unseen.delete(id);
      if (approval && telling === 'tell') taken.push(approval);
    }
    return taken;
  }
}
