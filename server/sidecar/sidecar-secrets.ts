/** The secrets of the agent of this run: they are in memory for as long as it runs, and in nothing that it says. */
import type { Clock } from '../base/clock.ts';
import { SecretFilter } from '../leaks/secret-filter.ts';
import { WithheldTally } from '../leaks/withheld-tally.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { Environment } from './program-environment.ts';

type SidecarSecretsDeps = {
  readonly clock: Clock;
  /** False while no session is there to tell it in: it is told with the next. */
  readonly emit: (event: AgentEvent) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export class SidecarSecrets {
  readonly filter: SecretFilter;
  readonly #deps: SidecarSecretsDeps;
  readonly #tally: WithheldTally;

  constructor(deps: SidecarSecretsDeps) {
    this.#deps = deps;
    this.#tally = new WithheldTally(deps.clock, (withheld) => deps.emit({ type: 'secretWithheld', withheld }));
    this.filter = new SecretFilter((hit) => this.#tally.count(hit));
  }

  /** `names`: of the secrets, by variable; what comes from an environment is called by its variable. */
  learn(secrets: Environment, names: Readonly<Record<string, string>> = {}): void {
    const named = Object.entries(secrets).map(([variable, value]) => ({ name: names[variable] ?? variable, value }));
    for (const name of this.filter.learn(named))
      this.#deps.log('a secret is too short or too plain to be found in what the agent says', { secret: name });
  }

  /** What programs print with their environment. */
  learnOwn(runToken: string): void {
    this.filter.learn([{ name: 'run token', value: runToken, isOurs: true }]);
  }

  /** The run ends: what was counted is told. */
  flush(): void {
    this.#tally.flush();
  }
}
