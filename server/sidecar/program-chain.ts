/** How this run's programs are started, put together by hand: bounds, fence, program, and the record of what lives. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { systemClock } from '../base/clock.ts';
import { within } from '../base/within.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { SandboxPlan } from '../protocol/sandbox.ts';
import { raiseFence } from '../sandbox/fence.ts';
import { compareProtected, snapshotProtected } from '../sandbox/protected-files.ts';
import type { SandboxRequest } from '../sandbox/request.ts';
import { type Fenced, FencedPrograms } from './fenced-programs.ts';
import { groupPrefix } from './limits/cgroup.ts';
import { findCgroupPlace } from './limits/cgroup-place.ts';
import { ProgramBounds } from './limits/program-bounds.ts';
import { SystemdScopes } from './limits/systemd-scope.ts';
import { type Flow, type ProgramOptions, startProgram } from './program.ts';
import type { ProgramStep } from './program-ends.ts';
import { type Environment, temporaryDir } from './program-environment.ts';
import { Programs } from './programs.ts';
import { makeScratch, removeScratch, sweepScratch } from './scratch.ts';
import type { TurnLimits } from './turn-course.ts';

type ChainDeps = {
  readonly flow: Flow;
  readonly onChanged: (program: RunRecord['program']) => void;
  readonly onFenced: (fenced: Fenced) => void;
  /** A bound cost the agent something; a sentence for the person. */
  readonly onTold: (text: string) => void;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
};

type Told = (message: string, fields?: Record<string, unknown>) => void;

const defaultUmask = 0o022;
const removeScratchMs = 1_000;
/** Runs of wire version 1 were begun without a fence. */
const noFence: SandboxPlan = { mode: 'off', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] };

export class ProgramChain {
  readonly #programs: Programs;
  readonly #fenced: FencedPrograms;
  readonly #bounds: ProgramBounds | null;
  readonly #record: RunRecord;
  readonly #log: ChainDeps['log'];
  readonly #warn: Told;

  constructor(record: RunRecord, deps: ChainDeps) {
    const { flow, log } = deps;
    const onChanged = (program: RunRecord['program']) => {
      deps.onChanged(program);
      log.info({ program }, program ? 'the program runs' : 'no program runs');
    };
    this.#record = record;
    this.#log = deps.log;
    this.#warn = (message, fields = {}) => deps.log.warn(fields, message);
    this.#programs = new Programs({ startProgram, flow, onChanged }, { programUmask: record.programUmask ?? defaultUmask });
    this.#bounds = boundsOf(record, { onTold: deps.onTold, log: this.#warn });
    this.#fenced = new FencedPrograms({
      start: this.#programs.start,
      requestFor: (command, environment) => sandboxRequest(record, command, environment),
      raiseFence,
      bounds: this.#bounds,
      maxHeapMb: record.limits?.maxHeapMb ?? null,
      onFenced: deps.onFenced,
    });
  }

  get start() {
    return this.#fenced.start;
  }

  /** Makes the temporary folder of this run; what earlier ones left, folders and processes, goes meanwhile. */
  prepare(): void {
    const scratch = temporaryDir(this.#record);
    makeScratch(scratch);
    const told = (error: unknown) => this.#warn('what an earlier run left could not be removed', { why: String(error) });
    sweepScratch(scratch, this.#warn).catch(told);
    this.#bounds?.sweep().catch(told);
  }

  /** What a session needs of the programs: how far its turns may go, and who is told of what was decided. */
  sessionNeeds(): TurnLimits & { readonly onStep: (detail: string, step: ProgramStep) => void } {
    return {
      clock: systemClock,
      random: Math.random,
      hardTurnMinutes: this.#record.limits?.hardTurnMinutes ?? null,
      terminate: (graceMs) => this.#programs.terminateAll(graceMs),
      lookAtProtected: () => this.#lookAtProtected(),
      onStep: (detail, step) => {
        const level = step.decision === 'giveUp' ? 'error' : 'warn';
        this.#log[level]({ ring: 'program', detail, ...step }, 'the program ended');
      },
    };
  }

  /** Whether the fences still are what was told of them. */
  look(): void {
    this.#fenced.look();
  }

  async #lookAtProtected() {
    const { projectDir, privateDir, sandbox } = this.#record;
    const snapshot = await snapshotProtected(projectDir, {
      isFenced: this.#fenced.isWhole,
      asideDir: join(privateDir, 'aside'),
      homeDir: homedir(),
      onlyTells: (sandbox ?? noFence).mode === 'off',
    });
    return () => compareProtected(snapshot);
  }

  /** Whatever an adapter left running, and what this run has made for its programs. Nothing is started afterwards. */
  async stopAll(): Promise<void> {
    await this.#programs.stopAll();
    await this.#fenced.takenDown();
    // What takes longer is left to the sweep of the next run.
    await within(removeScratch(temporaryDir(this.#record), this.#warn), removeScratchMs);
  }

  /** For a sidecar that ends in disorder: at once, without waiting. */
  killAll(): void {
    this.#programs.killAll();
  }
}

type BoundsTold = { readonly onTold: (text: string) => void; readonly log: Told };

/** Null for a run that was begun without bounds. */
export function boundsOf(record: RunRecord, { onTold, log }: BoundsTold): ProgramBounds | null {
  const { limits, agentId, runId } = record;
  if (!limits) return null;
  const scopes = new SystemdScopes({ runtimeDir: process.env.XDG_RUNTIME_DIR });
  const names = { prefix: `${groupPrefix}${agentId}-`, runName: runId.slice(-8) };
  return new ProgramBounds({ clock: systemClock, limits, ...names, findPlace: findCgroupPlace, scopes, onTold, log });
}

export function sandboxRequest(record: RunRecord, command: ProgramOptions['command'], environment: Environment): SandboxRequest {
  const { provider, credentials, projectDir, agentDir, dataDir } = record;
  const homeDir = environment.HOME ?? homedir();
  const ownPaths = [process.execPath, ownProgramsDir(import.meta.url), ...(record.binDir === undefined ? [] : [record.binDir])];
  return { plan: record.sandbox ?? noFence, provider, credentials, command, projectDir, agentDir, dataDir, homeDir, environment, ownPaths };
}

/** Beside the bundle when built; the whole repository when run from sources, because they import from all over it. */
function ownProgramsDir(selfUrl: string): string {
  const dir = dirname(fileURLToPath(selfUrl));
  return selfUrl.endsWith('.ts') ? resolve(dir, '../..') : dir;
}
