/**
 * Lends the person's login to one agent while its program runs: the program's own copy follows the person's file, and
 * when the access is about to end, the person's own Claude Code renews it, outside of the fence. So an agent can neither
 * log the person out nor log them in as somebody else, and has nothing that outlasts the access.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { Clock } from '../../../base/clock.ts';
import { writeFileWhole } from '../../../base/write-file-whole.ts';
import { isRenewalDue, lentAccess } from './login-file.ts';

type LentLoginDeps = {
  readonly clock: Clock;
  /** The person's file, usually `~/.claude/.credentials.json`. */
  readonly source: string;
  /** The agent's. */
  readonly copy: string;
  /** Has the person's own program renew the person's login; rejects when it could not. */
  readonly renew: () => Promise<void>;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

const lookMs = 2_000;
const renewAgainMs = 60_000;

export class LentLogin {
  readonly #deps: LentLoginDeps;
  #shown: string | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #isLent = false;
  #stopLooking: () => void = () => {};

  constructor(deps: LentLoginDeps) {
    this.#deps = deps;
  }

  /** Resolves when the copy is there, with an access that lasts if it can be had. Without a login there is no copy. */
  async lend(): Promise<void> {
    this.#isLent = true;
    this.#shown = null;
    rmSync(this.#deps.copy, { force: true, recursive: true });
    await this.#look();
  }

  takeBack(): void {
    this.#isLent = false;
    this.#stopLooking();
    rmSync(this.#deps.copy, { force: true, recursive: true });
  }

  async #look(): Promise<void> {
    try {
      if (this.#follow()) {
        await this.#renew();
        if (this.#isLent) this.#follow();
      }
    } catch (error) {
      this.#deps.log('the login could not be brought up to date', { why: String(error) });
    }
    if (this.#isLent) this.#stopLooking = this.#deps.clock.after(lookMs, () => void this.#look());
  }

  /** True when the access should be renewed now. */
  #follow(): boolean {
    const { clock, copy } = this.#deps;
    const lent = this.#read();
    const text = lent?.text ?? null;
    if (text !== this.#shown) {
      if (text === null) rmSync(copy, { force: true, recursive: true });
      else writeFileWhole(copy, text);
      this.#shown = text;
    }
    return lent !== null && isRenewalDue(lent, clock.now()) && clock.elapsed() - this.#renewedAt >= renewAgainMs;
  }

  #read() {
    try {
      return lentAccess(readFileSync(this.#deps.source, 'utf8'));
    } catch {
      // Not there: nobody is logged in, or with a key.
      return null;
    }
  }

  async #renew(): Promise<void> {
    this.#renewedAt = this.#deps.clock.elapsed();
    await this.#deps.renew();
  }
}
