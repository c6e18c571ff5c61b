/**
 * Starts the agent's programs inside their fence and their bounds, tells what holds, and takes both down when a program
 * is gone. From outside in: the bounds, the fence, the program.
 */
import type { SandboxState } from '../protocol/sandbox.ts';
import type { ResourceFence } from '../protocol/supervision.ts';
import type { Fence } from '../sandbox/fence.ts';
import type { SandboxRequest } from '../sandbox/request.ts';
import { FencedProgram } from './fenced-program.ts';
import type { ProgramBounds, RaisedBounds } from './limits/program-bounds.ts';
import { unbounded } from './limits/resource-fence.ts';
import { withHeapBound } from './node-heap.ts';
import type { Program, ProgramOptions, ProgramStarter } from './program.ts';
import type { Environment } from './program-environment.ts';
import { resolveProgram } from './resolve-program.ts';

export type Fenced = { readonly sandbox: SandboxState; readonly resources: ResourceFence };

type FencedProgramsDeps = {
  readonly start: ProgramStarter;
  readonly requestFor: (command: ProgramOptions['command'], environment: Environment) => SandboxRequest;
  readonly raiseFence: (request: SandboxRequest) => Promise<Fence>;
  /** Null for a run that was begun without bounds. */
  readonly bounds: ProgramBounds | null;
  readonly maxHeapMb: number | null;
  /** Told before a program starts, whenever it is not what was told last. */
  readonly onFenced: (fenced: Fenced) => void;
};

export class FencedPrograms {
  readonly #deps: FencedProgramsDeps;
  readonly #live = new Set<FencedProgram>();
  #lastTold = '';
  #isWhole = false;

  constructor(deps: FencedProgramsDeps) {
    this.#deps = deps;
  }

  readonly start: ProgramStarter = async (options) => {
    const { raiseFence, requestFor, bounds, maxHeapMb } = this.#deps;
    const command = resolveProgram(options);
    const environment = maxHeapMb === null ? options.environment : withHeapBound(options.environment, command[0], maxHeapMb);
    const fence = await raiseFence(requestFor(command, environment));
    try {
      const isFenced = fence.state.files !== 'off';
      const raised = (await bounds?.raise({ isFenced, runtimeDir: environment.XDG_RUNTIME_DIR })) ?? null;
      this.#tell({ sandbox: fence.state, resources: raised?.fence ?? unbounded });
      const wrapped = fence.wrap(command);
      const whole = { ...options, environment: fence.environment(environment), command: raised?.command(wrapped) ?? wrapped };
      return await this.#startIn(fence, raised, whole);
    } catch (error) {
      fence.release();
      throw error;
    }
  };

  /** Whether nothing that it should keep was found to get through, as last told. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Tells when a fence that was whole at its program's start is so no longer. */
  look(): void {
    for (const { sandbox, resources } of this.#live) this.#tell({ sandbox, resources });
  }

  /** Resolves when nothing is left of the programs that have ended, nor of what was raised around them. */
  async takenDown(): Promise<void> {
    await Promise.all([...this.#live].map(({ exited }) => exited));
  }

  async #startIn(fence: Fence, bounds: RaisedBounds | null, options: ProgramOptions): Promise<Program> {
    try {
      const program = await this.#deps.start({ ...options, infoFd: fence.infoFd });
      bounds?.watch(program.pid);
      const fenced = new FencedProgram(program, fence, bounds);
      this.#live.add(fenced);
      void fenced.exited.then(() => this.#live.delete(fenced));
      return fenced;
    } catch (error) {
      await bounds?.end({ code: null, signal: null });
      throw error;
    }
  }

  #tell(fenced: Fenced): void {
    const told = JSON.stringify(fenced);
    if (told === this.#lastTold) return;
    this.#lastTold = told;
    this.#isWhole = fenced.sandbox.files === 'full';
    this.#deps.onFenced(fenced);
  }
}
