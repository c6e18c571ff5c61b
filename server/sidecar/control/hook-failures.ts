/**
 * Hooks that failed: each is a record of the log and a durable event of the session. An agent can report as many as it
 * likes, so only so many are told and the rest is counted.
 */
import { Allowance } from '../../base/allowance.ts';
import type { Clock } from '../../base/clock.ts';
import type { AgentEvent } from '../../protocol/agent-event.ts';
import type { SidecarLog } from '../sidecar-log.ts';

type HookFailed = Extract<AgentEvent, { type: 'hookFailed' }>;

type HookFailuresDeps = {
  readonly logs: SidecarLog;
  readonly clock: Clock;
  /** Whether there was a session to take it. */
  readonly emit: (event: HookFailed) => boolean;
};

const mostDetailChars = 4_000;
const toldPerMinute = { times: 20, perMs: 60_000 };

export class HookFailures {
  readonly #deps: HookFailuresDeps;
  readonly #allowance = new Allowance(toldPerMinute);
  /** Reported before there was a session. */
  #held: HookFailed[] = [];

  constructor(deps: HookFailuresDeps) {
    this.#deps = deps;
  }

  report(hook: string, error: string): void {
    const granted = this.#allowance.take(this.#deps.clock.elapsed());
    if (!granted) return;
    const name = safeHookName(hook);
    const others = granted.refusedBefore > 0 ? ` (${granted.refusedBefore} more failures of hooks were not told.)` : '';
    const event: HookFailed = { type: 'hookFailed', hook: name, detail: error.slice(0, mostDetailChars) + others };
    this.#deps.logs.of(`hook:${name}`).fatal(event.detail);
    if (!this.#deps.emit(event)) this.#held.push(event);
  }

  /** A session is there, which takes what was reported before. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#deps.emit(event);
  }
}

/** The name becomes a component of the log. */
function safeHookName(hook: string): string {
  const safe = hook.replace(/[^\w.:-]+/g, '-').slice(0, 60);
  return safe === '' ? 'unknown' : safe;
}
