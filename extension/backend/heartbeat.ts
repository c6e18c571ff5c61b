/**
 * Application ping: a channel can go deaf without closing, and a stopped process still accepts connections. Counted in
 * pings and not by the clock, so that a machine that slept does not lose its connection when it wakes.
 */
export type HeartbeatDeps = {
  readonly ping: () => Promise<unknown>;
  /** Called once, when the deadline has passed. */
  readonly onDeaf: () => void;
};

const pingEveryMs = 2_000;
/** Five pings of two seconds make the deadline of ten. */
const silentTicksAllowed = 5;

export class Heartbeat {
  readonly #deps: HeartbeatDeps;
  #timer: NodeJS.Timeout | undefined;
  #silentTicks = 0;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.stop();
    this.#timer = setInterval(() => this.#tick(), pingEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#silentTicks = 0;
  }

  #tick(): void {
    this.#silentTicks++;
    if (this.#silentTicks > silentTicksAllowed) {
      this.stop();
      this.#deps.onDeaf();
      return;
    }
    if (this.#silentTicks > 1) return;
    const timer = this.#timer;
    const answered = () => {
      if (timer === this.#timer) this.#silentTicks = 0;
    };
    // A refusal is an answer too; a connection that closed is reported by its own event.
    this.#deps.ping().then(answered, answered);
  }
}
