/** A program that exists only as what it says: a test speaks for it, in bytes, through the real splitter. */
import { LineSplitter } from '../../server/base/line-splitter.ts';
import { limits } from '../../server/protocol/errors.ts';
import type { Program, ProgramExit, ProgramOptions, ProgramStarter } from '../../server/sidecar/program.ts';

export class SpokenProgram implements Program {
  readonly pid = 1;
  readonly heard: string[] = [];
  readonly exited: Promise<ProgramExit>;
  readonly #splitter: LineSplitter;
  readonly #exit: (exit: ProgramExit) => void;

  constructor(options: ProgramOptions, onHeard: (line: string, program: SpokenProgram) => void) {
    const { promise, resolve } = Promise.withResolvers<ProgramExit>();
    this.exited = promise;
    this.#exit = resolve;
    this.#splitter = new LineSplitter(options, { maxBytes: limits.agentLineBytes });
    this.#onHeard = onHeard;
  }

  readonly #onHeard: (line: string, program: SpokenProgram) => void;

  /** One line, or whatever the bytes make of it. */
  says(line: string | Buffer): void {
    this.#splitter.push(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
  }

  async writeLine(line: string): Promise<void> {
    this.heard.push(line);
    this.#onHeard(line, this);
  }

  endInput(): void {}

  stderrTail(): string {
    return '';
  }

  insidePid(): null {
    return null;
  }

  stop(): Promise<ProgramExit> {
    this.#exit({ code: 0, signal: null, wasAsked: true });
    return this.exited;
  }

  terminate(): Promise<ProgramExit> {
    return this.stop();
  }
}

/** Starts one, which answers what it hears by `onHeard`. */
export function spokenProgram(onHeard: (line: string, program: SpokenProgram) => void) {
  const started: SpokenProgram[] = [];
  const startProgram: ProgramStarter = async (options) => {
    const program = new SpokenProgram(options, onHeard);
    started.push(program);
    return program;
  };
  return { started, startProgram };
}
