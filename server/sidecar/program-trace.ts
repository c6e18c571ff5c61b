/**
 * What the program says on its pipes, in the log: all of it at the level `trace`, up to a bound, and the end of
 * its error output whenever it failed.
 */
import type { Program, ProgramOptions, ProgramStarter } from './program.ts';
import type { SidecarLog } from './sidecar-log.ts';

/** For each run, however often its program is started. */
const mostBytes = 10 * 1024 * 1024;

export class ProgramTrace {
  readonly #logs: SidecarLog;
  #bytesLeft: number;

  constructor(logs: SidecarLog, options: { readonly mostBytes?: number } = {}) {
    this.#logs = logs;
    this.#bytesLeft = options.mostBytes ?? mostBytes;
  }

  /** The same starter, watched. */
  around(start: ProgramStarter): ProgramStarter {
    return async (options: ProgramOptions) => {
      const onLine: ProgramOptions['onLine'] = (line, place) => {
        this.#said(line);
        options.onLine(line, place);
      };
      const program = await start({ ...options, onLine });
      void this.#watchEnd(program);
      return program;
    };
  }

  #said(line: string): void {
    const log = this.#logs.of('program');
    if (!log.isLevelEnabled('trace') || this.#bytesLeft < 0) return;
    this.#bytesLeft -= Buffer.byteLength(line);
    if (this.#bytesLeft >= 0) log.trace(line);
    else log.trace('The program said too much: the rest of this run is left out.');
  }

  async #watchEnd(program: Program): Promise<void> {
    const exit = await program.exited;
    const words = program.stderrTail().trim();
    const hasFailed = exit.code !== 0 && exit.code !== null;
    if (words !== '') this.#logs.of('program')[hasFailed ? 'error' : 'debug']({ exit }, words);
  }
}
