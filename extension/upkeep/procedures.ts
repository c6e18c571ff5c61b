/** Which steps of the runbook's procedures were done, and when: kept by VS Code, so that one may be gone through over a day. */
import { EventEmitter, type Memento } from 'vscode';
import * as z from 'zod/mini';
import { type ProcedureName, procedureNames, runbook } from '../../server/protocol/runbook.ts';

const Progress = z.object({ startedAt: z.number(), done: z.array(z.object({ step: z.number(), doneAt: z.number() })) });
export type Progress = z.infer<typeof Progress>;

export class Procedures {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #kept: Memento;

  constructor(kept: Memento) {
    this.#kept = kept;
  }

  /** Undefined for one that was not begun. */
  progress(name: ProcedureName): Progress | undefined {
    const parsed = Progress.safeParse(this.#kept.get(keyOf(name)));
    return parsed.success ? parsed.data : undefined;
  }

  /** When the step was done; undefined when it was not. */
  doneAt(name: ProcedureName, step: number): number | undefined {
    return this.progress(name)?.done.find((each) => each.step === step)?.doneAt;
  }

  async mark(name: ProcedureName, step: number, at: number): Promise<void> {
    const { startedAt, done } = this.progress(name) ?? { startedAt: at, done: [] };
    await this.#put(name, { startedAt, done: [...done.filter((each) => each.step !== step), { step, doneAt: at }] });
  }

  async unmark(name: ProcedureName, step: number): Promise<void> {
    const progress = this.progress(name);
    if (progress) await this.#put(name, { ...progress, done: progress.done.filter((each) => each.step !== step) });
  }

  async forget(name: ProcedureName): Promise<void> {
    await this.#put(name, undefined);
  }

  async #put(name: ProcedureName, progress: Progress | undefined): Promise<void> {
    await this.#kept.update(keyOf(name), progress);
    this.#changed.fire();
  }
}

function keyOf(name: ProcedureName): string {
  return `procedure.${name}`;
}

export type StepPlace = { readonly procedure: ProcedureName; readonly step: number };

/** What our own code passes to a command; undefined for anything else. */
export function procedureOf(argument: unknown): ProcedureName | undefined {
  if (typeof argument !== 'object' || argument === null || !('procedure' in argument)) return undefined;
  return procedureNames.find((name) => name === argument.procedure);
}

export function stepOf(argument: unknown): StepPlace | undefined {
  const procedure = procedureOf(argument);
  if (procedure === undefined || typeof argument !== 'object' || argument === null || !('step' in argument)) return undefined;
  const { step } = argument;
  const isStep = typeof step === 'number' && runbook[procedure].steps[step - 1] !== undefined;
  return isStep ? { procedure, step } : undefined;
}
