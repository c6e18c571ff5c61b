/**
 * Starts the agent's programs for the adapters and knows which of them live, so that the run record always names what
 * has to be ended, and nothing is left running when the sidecar goes.
 */
import { endTree } from '../base/end-tree.ts';
import { type ProcessIdentity, processIdentity } from '../base/process-identity.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { Flow, Program, ProgramOptions, ProgramStarter } from './program.ts';

type ProgramsDeps = {
  readonly startProgram: ProgramStarter;
  readonly flow: Flow;
  /** Called whenever another program runs now, or none. */
  readonly onChanged: (program: RunRecord['program']) => void;
};

export class Programs {
  readonly #deps: ProgramsDeps;
  readonly #programUmask: number;
  readonly #live = new Map<Program, NonNullable<RunRecord['program']> | null>();
  #isEnding = false;

  constructor(deps: ProgramsDeps, options: { readonly programUmask: number }) {
    this.#deps = deps;
    this.#programUmask = options.programUmask;
  }

  readonly start: ProgramStarter = async (options) => {
    if (this.#isEnding) throw new AgorError('unavailable', 'The agent is being stopped; start it again to go on.');
    const program = await this.#startWithUmask({ ...options, flow: this.#deps.flow });
    this.#live.set(program, asRecorded(processIdentity(program.pid)));
    this.#tell();
    void program.exited.then(() => {
      this.#live.delete(program);
      this.#tell();
    });
    if (this.#isEnding) await program.stop();
    return program;
  };

  /** Whatever an adapter left running. */
  async stopAll(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#live.keys()].map((program) => program.stop()));
  }

  /** SIGTERM, and SIGKILL to what is still there after `graceMs`. Others may be started afterwards. */
  async terminateAll(graceMs: number): Promise<void> {
    await Promise.all([...this.#live.keys()].map((program) => program.terminate(graceMs)));
  }

  /** For a sidecar that ends in disorder: at once, without waiting. */
  killAll(): void {
    this.#isEnding = true;
    for (const program of this.#live.keys()) endTree(program.pid, 'SIGKILL');
  }

  /** What the agent makes in the project is the person's, so it gets the person's mask and not our narrow one. */
  #startWithUmask(options: ProgramOptions): Promise<Program> {
    const ours = process.umask(this.#programUmask);
    try {
      // The process is made before the starter first waits.
      return this.#deps.startProgram(options);
    } finally {
      process.umask(ours);
    }
  }

  #tell(): void {
    this.#deps.onChanged([...this.#live.values()].at(-1) ?? null);
  }
}

/** A program that ended before it could be looked at has nothing to record. */
function asRecorded(identity: ProcessIdentity | null): RunRecord['program'] {
  return identity && { ...identity, pgid: identity.pid };
}
