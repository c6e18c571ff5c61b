/** Tries out what a run would be fenced in by: starts the program that does so, beside any real run, and reads what it found. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { compileCacheOf } from '../base/compile-cache.ts';
import { endTree } from '../base/end-tree.ts';
import { writeRunRecord } from '../base/run-record-file.ts';
import { within } from '../base/within.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RunId } from '../protocol/ids.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { SandboxExplanation } from '../protocol/sandbox.ts';
import { lastError } from './last-error.ts';
import { exitText } from './supervisor-process.ts';

export type SandboxTrialsDeps = {
  /** Takes the path of a run record, and prints what it found as JSON. */
  readonly program: string;
  /** Where the records lie meanwhile; apart from those of real runs. */
  readonly dir: string;
};

type Trying = ChildProcessByStdio<null, Readable, Readable>;

const maxOutputChars = 8 * 1024 * 1024;
const keptErrorChars = 64 * 1024;

export class SandboxTrials {
  readonly #deps: SandboxTrialsDeps;
  readonly #timeoutMs: number;
  readonly #endTimeoutMs: number;
  readonly #running = new Map<Trying, Promise<unknown>>();

  constructor(deps: SandboxTrialsDeps, { timeoutMs = 20_000, endTimeoutMs = 3_000 } = {}) {
    this.#deps = deps;
    this.#timeoutMs = timeoutMs;
    this.#endTimeoutMs = endTimeoutMs;
  }

  /** `record`: of the run that is meant; nothing of it is started. Throws `agentFailed` when the trial does not come to its end. */
  async try(record: RunRecord): Promise<SandboxExplanation> {
    mkdirSync(this.#deps.dir, { recursive: true, mode: 0o700 });
    const path = join(this.#deps.dir, `${record.runId}.json`);
    writeRunRecord(path, record);
    try {
      return await this.#run(path, record.runId);
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** What is tried just now may come to its end, because it clears away what it made. */
  async close(): Promise<void> {
    await within(Promise.allSettled(this.#running.values()), this.#endTimeoutMs);
    for (const child of this.#running.keys()) killGroup(child);
    await Promise.allSettled(this.#running.values());
  }

  async #run(recordPath: string, runId: RunId): Promise<SandboxExplanation> {
    const child = spawn(process.execPath, [this.#deps.program, recordPath], {
      // In a group of its own, which can be ended whole.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...compileCacheOf(this.#deps.program) },
      windowsHide: true,
    });
    const outcome = this.#outcome(child, runId);
    this.#running.set(child, outcome);
    try {
      return await outcome;
    } finally {
      this.#running.delete(child);
    }
  }

  #outcome(child: Trying, runId: RunId): Promise<SandboxExplanation> {
    return new Promise((resolve, reject) => {
      const said = collected(child);
      const fail = (why: string) => reject(new AgorError('agentFailed', `The sandbox could not be tried out: ${why}`));
      const timer = setTimeout(() => {
        fail(`it took longer than ${Math.ceil(this.#timeoutMs / 1000)} s. Try again when the machine has less to do.`);
        killGroup(child);
      }, this.#timeoutMs);
      child.once('error', (error) => fail(`its program does not start (${error.message}).`));
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        const found = code === 0 ? parsed(said.output) : undefined;
        const ended = code === 0 ? 'it printed nothing that can be read' : exitText(code, signal);
        if (found) resolve(found);
        else fail(`${lastError(said.errors.split('\n'), runId, ended)}.`);
      });
    });
  }
}

function collected(child: Trying): { output: string; errors: string } {
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
    if (said.output.length > maxOutputChars) killGroup(child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors = (said.errors + text).slice(-keptErrorChars);
  });
  return said;
}

function parsed(output: string): SandboxExplanation | undefined {
  try {
    return SandboxExplanation.safeParse(JSON.parse(output)).data;
  } catch {
    // No JSON at all.
    return undefined;
  }
}

function killGroup({ pid }: Trying): void {
  if (pid !== undefined) endTree(pid, 'SIGKILL');
}
