/** A process that does nothing: it stands for a sidecar that is played, because a run record names one that lives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { killGroup } from './live.ts';

export class StandIn {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  end(): void {
    killGroup(this.#child);
  }
}
