/** A program with what was raised around it, which goes when the program has gone. */
import type { SandboxState } from '../protocol/sandbox.ts';
import type { ResourceFence } from '../protocol/supervision.ts';
import type { Fence } from '../sandbox/fence.ts';
import type { RaisedBounds } from './limits/program-bounds.ts';
import { unbounded } from './limits/resource-fence.ts';
import type { Program, ProgramExit } from './program.ts';

export class FencedProgram implements Program {
  readonly pid: number;
  /** Resolves when nothing is left of the program, nor of its fence and bounds. */
  readonly exited: Promise<ProgramExit>;
  readonly resources: ResourceFence;
  readonly #program: Program;
  readonly #fence: Fence;

  constructor(program: Program, fence: Fence, bounds: RaisedBounds | null) {
    this.#program = program;
    this.#fence = fence;
    this.resources = bounds?.fence ?? unbounded;
    this.pid = program.pid;
    this.exited = this.#takeDown(bounds);
  }

  writeLine(line: string): Promise<void> {
    return this.#program.writeLine(line);
  }

  endInput(): void {
    this.#program.endInput();
  }

  stderrTail(): string {
    return this.#program.stderrTail();
  }

  insidePid(): number | null {
    return this.#program.insidePid();
  }

  /** The state of its fence as it is now: what guards a place inside goes when somebody outside replaces the place. */
  get sandbox(): SandboxState {
    const pid = this.insidePid();
    const lost = pid === null ? [] : this.#fence.lost(pid);
    const { state } = this.#fence;
    if (lost.length === 0) return state;
    const gaps = lost.map((path) => `${path} is guarded no longer, because it was replaced from outside; a restart guards it again.`);
    return { ...state, files: 'partial', gaps: [...state.gaps, ...gaps] };
  }

  async stop(graceMs?: number): Promise<ProgramExit> {
    await this.#program.stop(graceMs);
    return this.exited;
  }

  async terminate(graceMs: number): Promise<ProgramExit> {
    await this.#program.terminate(graceMs);
    return this.exited;
  }

  async #takeDown(bounds: RaisedBounds | null): Promise<ProgramExit> {
    const exit = await this.#program.exited;
    const told = (await bounds?.end(exit)) ?? exit;
    this.#fence.release();
    return told;
  }
}
