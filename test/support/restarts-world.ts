/** The restarts of one agent's sidecar over real files, on a clock that a test moves. */
import { Restarts } from '../../server/agents/restarts.ts';
import { newId } from '../../server/base/uuid.ts';
import type { AgentId } from '../../server/protocol/ids.ts';
import { defaultSettings, type SettingName, type Settings } from '../../server/protocol/settings.ts';
import { FakeClock } from './fake-clock.ts';
import { TestStores } from './test-stores.ts';

export const stableMs = 5 * 60_000;

export class RestartsWorld {
  readonly id = newId<AgentId>();
  readonly kept = new TestStores();
  readonly clock = new FakeClock();
  /** Seconds of the clock at which a restart was tried. */
  readonly tried: number[] = [];
  readonly logged: string[] = [];
  readonly set: Partial<Record<SettingName, number>> = {};
  wentOn = 0;
  /** What a restart does; by default it works. */
  restart: () => Promise<void> = async () => this.restarts.cameUp(this.id, 0);
  restarts = this.#build();

  get health() {
    return this.restarts.health(this.id);
  }

  get waitMs(): number {
    return this.restarts.waitMs(this.id);
  }

  crash(lastError = 'boom'): void {
    this.restarts.crashed(this.id, lastError);
  }

  cameUp(ageMs = 0): void {
    this.restarts.cameUp(this.id, ageMs);
  }

  /** From now on, it crashes each time before it comes up. */
  crashesAlways(): void {
    this.restart = async () => {
      this.crash();
      throw new Error('the sidecar did not come up');
    };
  }

  /** Good runs that end in a crash each, so many. */
  async crashesAfterGoodRuns(count: number): Promise<void> {
    this.cameUp();
    for (let crash = 1; crash <= count; crash += 1) {
      this.clock.advance(stableMs);
      this.crash();
      await this.advance(1_000);
    }
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** As it passes: what a restart brings about at once counts from its own time. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await this.advance(1_000);
  }

  /** The backend ends and another one takes over, after so long. */
  nextBackend(afterMs = 0): void {
    this.restarts.close();
    this.clock.advance(afterMs);
    this.kept.reopenAfterKill();
    this.restarts = this.#build();
    this.restarts.resume();
  }

  remove(): void {
    this.kept.remove();
  }

  #build(): Restarts {
    const { btmsg: file, audit } = this.kept.stores;
    // Only numbers are set here, and only where numbers fit.
    const setting = <K extends SettingName>(name: K) => (this.set[name] ?? defaultSettings[name]) as Settings[K];
    return new Restarts({
      ...{ file, audit, setting, clock: this.clock },
      restart: () => {
        this.tried.push(this.clock.elapsed() / 1000);
        return this.restart();
      },
      goOn: () => {
        this.wentOn += 1;
      },
      log: (message) => void this.logged.push(message),
    });
  }
}
